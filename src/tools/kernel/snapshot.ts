// Kernels that start from a snapshot: Node's user-land startup snapshot of a process that has TypeScript
// loaded and the declarations of the language and of Node parsed and bound. A start then takes a third
// of the processor time. Source: https://nodejs.org/api/cli.html#--build-snapshot

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { buildKernel, kernelDirectory } from "./kernel-build.mjs";
import { snapshotOptions } from "./snapshot-options";

/** Later releases abort a thread that loads node:crypto in a process that started from a snapshot. */
const NODE_RELEASE = "20";
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
  if (!supported()) return undefined;
  const file = snapshotFile(root, options, env);
  return existsSync(file) ? file : undefined;
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
 * Makes a snapshot unless there is one: a few seconds, once for each change of the kernel or its packages.
 * @throws whatever keeps it from being made
 */
export async function makeSnapshot(
  root: string,
  options: readonly string[],
  env: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<void> {
  if (!supported() || findSnapshot(root, options, env)) return;
  const { directory, temporary } = await buildKernel(root);
  if (temporary) return rmSync(directory, { recursive: true, force: true });
  const file = snapshotFile(root, options, env);
  const draft = `${file}.${process.pid}.tmp`;
  const script = path.join(directory, "snapshot-entry.cjs");
  const child = spawn(
    process.execPath,
    [...options, ...snapshotOptions(draft), "--build-snapshot", script, directory],
    { cwd: root, env, stdio: "ignore", ...(signal && { signal }) },
  );
  try {
    const [code] = await once(child, "close");
    if (code === 0) renameSync(draft, file);
    removeOthers(directory);
  } finally {
    rmSync(draft, { force: true });
  }
}

function supported(): boolean {
  return process.versions.node.split(".")[0] === NODE_RELEASE;
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
