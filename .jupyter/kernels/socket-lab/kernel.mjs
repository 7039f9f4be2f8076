// Starts the Socket Lab kernel. Plain JavaScript, so that it can say what is missing: src/tools/kernel is built
// into node_modules/.cache when it has changed, then loaded.

import fs from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { nodeVersionProblem } from "../../../src/tools/build/node-version.mjs";
import { buildKernel } from "../../../src/tools/kernel/kernel-build.mjs";

const exit = process.exit.bind(process); // cells get another one
const root = path.resolve(fs.realpathSync(path.dirname(fileURLToPath(import.meta.url))), "../../..");

async function main() {
  const problem = nodeVersionProblem(process.versions.node);
  if (problem) throw new Error(problem);
  const connectionFile = process.argv[2];
  if (!connectionFile) {
    throw new Error("usage: kernel.mjs CONNECTION_FILE (Jupyter front ends start it so)");
  }
  for (const name of ["esbuild", "tslab", "zeromq"]) {
    if (!fs.existsSync(path.join(root, "node_modules", name))) {
      throw new Error(`${name} is not installed: run "npm ci" in ${root}`);
    }
  }
  const file = path.resolve(connectionFile);
  process.chdir(root); // tslab compiles only what lies under its working directory
  const { directory, temporary } = await buildKernel(root);
  const { launch } = await import(pathToFileURL(path.join(directory, "launcher.mjs")).href);
  await launch({ root, connectionFile: file, directory, keep: !temporary });
  if (temporary) fs.rmSync(directory, { recursive: true, force: true });
}

main().catch((error) => {
  process.stderr.write(`${error.message}\n`);
  exit(1);
});
