// `npm start`: scripts/start.ts, quickly.

import path from "node:path";
import { fileURLToPath } from "node:url";
import { runBuilt } from "../src/tools/build/built-command.mjs";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
await runBuilt(root, "start", ["scripts/start.ts"]);
