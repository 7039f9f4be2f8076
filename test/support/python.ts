/** The small Python clients and servers in clients/, which make the calls of the lab that this one follows. */
import path from "node:path";
import type { TestContext } from "vitest";
import { type Child, startChild } from "./child";
import { requireTool } from "./tools";

type Script = "tcp_client" | "tcp_server" | "udp_client" | "udp_server";

/** Starts a script of clients/ with python3; skips the test where there is no Python. */
export async function startPython(
  ctx: TestContext,
  script: Script,
  args: readonly (string | number)[] = [],
): Promise<Child> {
  await requireTool(ctx, "python3", "see https://www.python.org/downloads/");
  const file = path.join(import.meta.dirname, "clients", `${script}.py`);
  return startChild("python3", [file, ...args.map(String)]);
}
