/** Servers of the judge's own choosing: on a store that it has made, and with further options. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { StepContext } from "../../judging/judge";

export const SERVER = "config_server";

/** A folder that is removed after the step. */
export async function temporaryFolder(context: StepContext): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "socket-lab-check-"));
  context.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** What starts a server on a store: a folder of this name that the server makes. */
export function onStore(folder: string, ...options: readonly string[]): readonly string[] {
  return ["--port", "0", "--store", path.join(folder, "store"), ...options];
}
