/** As in package.json's engines: the first minor version of each major one that will do, and of all after them. */
const FIRST_MINOR = { 20: 19, 22: 12 };
const FIRST_MAJOR = 24;

/** What is wrong with this version of Node ("18.20.1"), or undefined when it will do. */
export function nodeVersionProblem(version) {
  const [major, minor] = version.split(".").map(Number);
  if (major >= FIRST_MAJOR || minor >= FIRST_MINOR[major]) return undefined;
  return `Node ${version} cannot run this lab: it needs 20.19, 22.12, 24 or newer. Install Node 24 from https://nodejs.org/`;
}
