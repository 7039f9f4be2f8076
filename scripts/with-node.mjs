// `node scripts/with-node.mjs 24 npm test`: runs a command with another version of Node, the newest that the
// npm registry has of those that the range names ("24", "22.12"). It is kept in .lab/node-RANGE.

import { spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const [range, command, ...args] = process.argv.slice(2);
if (!/^\d+(\.\d+){0,2}$/.test(range ?? "") || command === undefined) {
  console.error(
    "Usage: node scripts/with-node.mjs VERSION COMMAND [ARGUMENT...], for example 24 npm test",
  );
  process.exit(2);
}

const node = installed(range);
const child = spawn(command, args, {
  stdio: "inherit",
  env: { ...process.env, PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH}` },
});
// Ctrl+C reaches the command by itself; other signals are passed on.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => child.kill());
child.on("error", (error) => fail(`cannot run ${command}: ${error.message}`));
child.on("exit", (code, signal) => {
  process.exitCode = code ?? 1;
  if (signal) console.error(`${command} was ended by ${signal}`);
});

/** The executable of that version, fetched once. */
function installed(version) {
  const system = process.platform === "win32" ? "win" : process.platform;
  const name = `node-${system}-${process.arch}`;
  const folder = path.join(root, ".lab", `node-${version}`);
  const file = path.join(
    folder,
    "node_modules",
    name,
    "bin",
    system === "win" ? "node.exe" : "node",
  );
  if (fs.existsSync(file)) return file;
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, "package.json"), "{}\n"); // else npm installs into the lab itself
  const npm = spawnSync(
    "npm",
    [
      "install",
      "--no-package-lock",
      "--no-audit",
      "--no-fund",
      "--ignore-scripts",
      `${name}@${version}`,
    ],
    { cwd: folder, stdio: ["ignore", "ignore", "inherit"], shell: process.platform === "win32" },
  );
  if (npm.status !== 0) fail(`npm has no ${name}@${version}, or cannot be reached`);
  return file;
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
