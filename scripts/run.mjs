// `node scripts/run.mjs NAME ARGS`: scripts/NAME.ts, quickly.

import path from "node:path";
import { fileURLToPath } from "node:url";
import { runBuilt } from "../src/tools/build/built-command.mjs";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const [name] = process.argv.splice(2, 1);
process.argv[1] = path.join(root, "scripts", `${name}.ts`); // what a command asks to know that it was started
await runBuilt(root, name);
