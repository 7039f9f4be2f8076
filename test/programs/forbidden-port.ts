/** A program started without the privilege to listen on ports below 1024, whoever runs the tests. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { TestContext } from "vitest";
import { type Child, startChild } from "../support/child";
import { spawnProgram } from "../support/program";
import { requireTool } from "../support/tools";

/** A port that is registered for nothing that still runs anywhere (tcpmux). */
const FORBIDDEN_PORT = 1;

const FIRST_FREE_FOR_ALL = "/proc/sys/net/ipv4/ip_unprivileged_port_start";

/** Starts the program on a port that it may not have; skips where every user may have any port. */
export async function startOnForbiddenPort(ctx: TestContext, name: string): Promise<Child> {
  const first = await readFile(FIRST_FREE_FOR_ALL, "utf8").catch(() => "1024");
  if (Number(first) <= FORBIDDEN_PORT) {
    ctx.skip(`needs forbidden ports, but ${FIRST_FREE_FOR_ALL} is ${first.trim()} here`);
  }
  const args = ["--port", String(FORBIDDEN_PORT)];
  if (process.getuid?.() !== 0) return spawnProgram(name, args);
  // Root stays root, so that every file can be read, but loses the one privilege.
  await requireTool(ctx, "setpriv", "sudo apt-get install util-linux");
  const program = path.resolve(import.meta.dirname, `../../dist/${name}.mjs`);
  const without = "--bounding-set=-net_bind_service";
  return startChild("setpriv", [without, process.execPath, program, ...args]);
}
