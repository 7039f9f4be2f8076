/** A throwaway repository with a kernelspec, and a home beside it. */
import { cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";
import type { Machine } from "../../../../../src/tools/jupyter/setup/kernel-folders";
import { REPOSITORY } from "../../../commands/support";

export interface Lab {
  readonly root: string;
  readonly machine: Machine & { readonly env: NodeJS.ProcessEnv };
}

/** Removed when the test ends. The folders of the system are its own, and may hold kernels. */
export async function lab(env: NodeJS.ProcessEnv = {}): Promise<Lab> {
  const folder = await mkdtemp(path.join(tmpdir(), "socket-lab-test-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const root = path.join(folder, "the lab");
  const home = path.join(folder, "home");
  await mkdir(home);
  await cp(path.join(REPOSITORY, ".jupyter"), path.join(root, ".jupyter"), { recursive: true });
  return { root, machine: { platform: process.platform, env, home } };
}

/** Does `work` as somebody who may not write everywhere, also when the tests run as root. */
export async function unprivileged(work: () => Promise<void>): Promise<void> {
  if (process.getuid?.() !== 0) return work();
  const NOBODY = 65_534;
  process.seteuid?.(NOBODY);
  try {
    await work();
  } finally {
    process.seteuid?.(0);
  }
}
