// `node scripts/run.mjs NAME ARGS`: scripts/NAME.ts, quickly.

import path from "node:path";
import { fileURLToPath } from "node:url";
import { runBuilt } from "../src/build/built-command.mjs";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const [name] = process.argv.splice(2, 1);
await runBuilt(root, name, ["scripts"]);
