// Starts the Socket Lab kernel. Plain JavaScript, so that it can say what is missing: src/kernel is built
// into node_modules/.cache when it has changed, then loaded.

import { createHash } from "node:crypto";
import fs from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import v8 from "node:v8";

const OLDEST_NODE = [20, 19];
const OLD_BUILD_MS = 24 * 60 * 60 * 1_000;
const ENTRIES = ["launcher", "server", "signals"];

// V8 optimises what has run for a while. TypeScript's code is large and each part of it runs briefly:
// optimising it later saves a fifth of the processor time of a start, and costs none. Unknown flags are ignored.
v8.setFlagsFromString("--interrupt-budget=1000000");

const exit = process.exit.bind(process); // cells get another one
const root = path.resolve(fs.realpathSync(path.dirname(fileURLToPath(import.meta.url))), "../../..");

async function main() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
    throw new Error(
      `Socket Lab needs Node.js ${OLDEST_NODE.join(".")} or later; this is ${process.versions.node}`,
    );
  }
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
  const { directory, temporary } = await build();
  const load = (entry) => path.join(directory, `${entry}.mjs`);
  const { launch } = await import(pathToFileURL(load("launcher")).href);
  const cacheDirectory = temporary ? undefined : directory;
  await launch({
    root,
    connectionFile: file,
    serverFile: load("server"),
    signalsFile: load("signals"),
    cacheDirectory,
  });
  if (temporary) fs.rmSync(directory, { recursive: true, force: true });
}

/** The built kernel: from the cache, or built into it, or into a directory of this process's own. */
async function build() {
  const sources = path.join(root, "src", "kernel");
  const cache = path.join(root, "node_modules", ".cache", "socket-lab");
  const directory = path.join(cache, `kernel-${fingerprint(sources)}`);
  if (fs.existsSync(directory)) return { directory, temporary: false };
  const esbuild = createRequire(path.join(root, "package.json"))("esbuild");
  let draft;
  let temporary = false;
  try {
    fs.mkdirSync(cache, { recursive: true });
    draft = fs.mkdtempSync(path.join(cache, "draft-"));
    fs.chmodSync(draft, 0o777 & ~process.umask()); // other users of a shared lab read it too
  } catch {
    draft = fs.mkdtempSync(path.join(os.tmpdir(), "socket-lab-kernel-")); // read-only node_modules
    temporary = true;
  }
  await esbuild.build({
    entryPoints: ENTRIES.map((entry) => path.join(sources, `${entry}.ts`)),
    outdir: draft,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    logLevel: "silent",
  });
  esbuild.stop();
  if (temporary) return { directory: draft, temporary };
  try {
    fs.renameSync(draft, directory);
  } catch {
    fs.rmSync(draft, { recursive: true, force: true }); // another kernel was quicker
  }
  removeOld(cache);
  return { directory, temporary };
}

/** Builds of older sources. A recent one may still be in use by a kernel that is starting. */
function removeOld(cache) {
  for (const name of fs.readdirSync(cache)) {
    const build = path.join(cache, name);
    const age = Date.now() - (fs.statSync(build, { throwIfNoEntry: false })?.mtimeMs ?? Infinity);
    if (age > OLD_BUILD_MS) fs.rmSync(build, { recursive: true, force: true });
  }
}

/** Changes with every edit below `directory`. */
function fingerprint(directory) {
  const hash = createHash("sha256").update(process.versions.node);
  for (const name of fs.readdirSync(directory, { recursive: true }).sort()) {
    const { mtimeMs, size } = fs.statSync(path.join(directory, name));
    hash.update(`${name} ${mtimeMs} ${size}\n`);
  }
  return hash.digest("hex").slice(0, 16);
}

main().catch((error) => {
  process.stderr.write(`${error.message}\n`);
  exit(1);
});
