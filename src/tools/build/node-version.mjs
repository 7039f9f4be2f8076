/** As in package.json's engines. */
const OLDEST_NODE = [20, 19];

/** What is wrong with this version of Node ("18.20.1"), or undefined when it will do. */
export function nodeVersionProblem(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) {
    return undefined;
  }
  return `Node ${version} is too old for this lab: it needs ${OLDEST_NODE.join(".")} or newer, see https://nodejs.org/`;
}
