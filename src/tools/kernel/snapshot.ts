// Kernels that start from a snapshot: Node's user-land startup snapshot of a process that has TypeScript
// loaded and the declarations of the language and of Node parsed and bound. A start then takes a third
// of the processor time. Source: https://nodejs.org/api/cli.html#--build-snapshot

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { buildKernel, kernelDirectory } from "./kernel-build.mjs";
import { PROBE_ARGUMENT, snapshotOptions } from "./snapshot-options";

const NAME = /^snapshot-\w+\.blob$/;

/**
 * The snapshot for a kernel with these options of Node, which have to be those that it was made with;
 * undefined when there is none.
 */
export function findSnapshot(
  root: string,
  options: readonly string[],
  env: NodeJS.ProcessEnv,
): string | undefined {
  const file = snapshotFile(root, options, env);
  const size = statSync(file, { throwIfNoEntry: false })?.size;
  return size ? file : undefined;
}

/** Where the snapshot is kept. */
export function snapshotFile(
  root: string,
  options: readonly string[],
  env: NodeJS.ProcessEnv,
): string {
  const given = JSON.stringify([options, env.NODE_OPTIONS ?? ""]);
  const hash = createHash("sha256").update(given).digest("hex").slice(0, 8);
  return path.join(kernelDirectory(root), `snapshot-${hash}.blob`);
}

/**
 * Makes a snapshot unless that was done: a few seconds, once for each change of the kernel or its packages.
 * Where this Node cannot use it, an empty file stands in its place.
 * @throws whatever keeps it from being made
 */
export async function makeSnapshot(
  root: string,
  options: readonly string[],
  env: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<void> {
  const file = snapshotFile(root, options, env);
  if (existsSync(file)) return;
  const { directory, temporary } = await buildKernel(root);
  if (temporary) return rmSync(directory, { recursive: true, force: true });
  const draft = `${file}.${process.pid}.tmp`;
  const script = path.join(directory, "snapshot-entry.cjs");
  const run = async (...args: string[]): Promise<boolean> => {
    const child = spawn(process.execPath, [...options, ...snapshotOptions(draft), ...args], {
      cwd: root,
      env,
      stdio: "ignore",
      ...(signal && { signal }),
    });
    const [code] = await once(child, "close");
    return code === 0;
  };
  try {
    const made = await run("--build-snapshot", script, directory);
    if (!made || !(await run(script, PROBE_ARGUMENT))) writeFileSync(draft, "");
    renameSync(draft, file);
    removeOthers(directory);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Each has 50 MB: those of other builds go at once. A process that starts from one has read it already. */
function removeOthers(directory: string): void {
  const builds = path.dirname(directory);
  for (const build of readdirSync(builds)) {
    if (build === path.basename(directory)) continue;
    for (const name of readdirSync(path.join(builds, build))) {
      if (NAME.test(name)) rmSync(path.join(builds, build, name), { force: true });
    }
  }
}
