/** `npm run setup`: makes the kernel visible to VS Code, and undoes it. */

import os from "node:os";
import path from "node:path";
import { UsageError } from "../src/program/failures";
import { print } from "../src/program/print";
import type { Machine } from "../src/tools/jupyter/setup/kernel-folders";
import { setUp, status, undo } from "../src/tools/jupyter/setup/setup";
import { runCommand } from "../src/tools/notebook/command";

const HELP = `Usage: npm run setup [-- --user | --check | --undo]

Makes the kernel "TypeScript (Socket Lab)" visible to VS Code. No Python is needed.
  npm run setup               for this folder: JUPYTER_PATH in its .env, which Git ignores
  npm run setup -- --user     for every front end of yours: a link in your own kernel folder
  npm run setup -- --check    says what VS Code and Jupyter find; fails when VS Code does not find it
  npm run setup -- --undo     takes both away again

Then open this folder in VS Code with its Jupyter extension (2025.2 or later), open a notebook, and choose
"Select Kernel", "Jupyter Kernel...", "TypeScript (Socket Lab)".`;

const FLAGS = ["user", "check", "undo"];
const root = path.resolve(import.meta.dirname, "..");
const machine: Machine = { platform: process.platform, env: process.env, home: os.homedir() };

await runCommand({ help: HELP, positionals: "none", flags: FLAGS }, async ({ flags }) => {
  if (flags.size > 1) throw new UsageError(`One of --${FLAGS.join(", --")} at a time`);
  if (flags.has("undo")) {
    print((await undo(root, machine)).join("\n"));
    return 0;
  }
  const user = flags.has("user");
  if (!flags.has("check")) print(`${(await setUp(root, machine, { user })).join("\n")}\n`);
  const { lines, inVscode } = await status(root, machine);
  print(lines.join("\n"));
  return inVscode || user ? 0 : 1; // Jupyter may look where VS Code does not
});
