// Before tools that end with a stack trace on an old Node: says in one line what is needed.

import { nodeVersionProblem } from "../src/tools/build/node-version.mjs";

const problem = nodeVersionProblem(process.versions.node);
if (problem) {
  console.error(problem);
  process.exitCode = 1;
}
