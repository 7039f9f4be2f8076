// The kernel as JavaScript, built from src/tools/kernel when it has changed.

import { createRequire } from "node:module";
import path from "node:path";
import { buildOnce, fingerprint } from "../build/build-cache.mjs";

const ENTRIES = ["launcher", "server", "signals"];
const SNAPSHOT_ENTRY = "snapshot-entry";
/** What is built, and what decides how the built kernel compiles cells. */
const SOURCES = [
  "src/tools/kernel",
  "src/tools/build/build-cache.mjs",
  "tsconfig.json",
  "node_modules/.package-lock.json",
];

/** Where the built kernel is, or will be. */
export function kernelDirectory(root) {
  const cache = path.join(root, "node_modules", ".cache", "socket-lab");
  return path.join(cache, `kernel-${fingerprint(root, SOURCES)}`);
}

/** Builds the kernel unless it is there. */
export function buildKernel(root) {
  return buildOnce(kernelDirectory(root), (draft) => build(root, draft));
}

async function build(root, draft) {
  const esbuild = createRequire(path.join(root, "package.json"))("esbuild");
  const entryPoint = (entry) => path.join(root, "src", "tools", "kernel", `${entry}.ts`);
  const options = {
    outdir: draft,
    bundle: true,
    platform: "node",
    target: "node20",
    logLevel: "silent",
  };
  await Promise.all([
    esbuild.build({
      ...options,
      entryPoints: ENTRIES.map(entryPoint),
      outExtension: { ".js": ".mjs" },
      format: "esm",
    }),
    // A snapshot is made from one script that imports nothing, also not later.
    esbuild.build({
      ...options,
      entryPoints: [entryPoint(SNAPSHOT_ENTRY)],
      outExtension: { ".js": ".cjs" },
      format: "cjs",
      supported: { "dynamic-import": false },
    }),
  ]);
  await esbuild.stop();
}
