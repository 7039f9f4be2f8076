/**
 * Finds and starts kernels as VS Code's Jupyter extension does: JUPYTER_PATH from the environment or from
 * the workspace's `.env`, then the user's kernel folder; `{resource_dir}` and `{connection_file}` in argv;
 * the notebook's folder as the working directory; ports that the front end has chosen. No Python.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseEnv } from "node:util";
import {
  newConnection,
  withFreePorts,
  writeConnectionFile,
} from "../../../../../src/tools/kernel/connection";
import { atEndOfFile } from "../../../../support/end-of-file";
import { RawClient } from "../../../kernel/raw-client";

export interface Workspace {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly home: string;
}

/** The folders with kernel.json that the extension would list under this name. */
export function kernelsNamed(name: string, { folder, env, home }: Workspace): string[] {
  const file = path.join(folder, ".env");
  const ofFile = existsSync(file) ? parseEnv(readFileSync(file, "utf8")) : {};
  const { JUPYTER_PATH = "" } = { ...env, ...ofFile };
  const data = JUPYTER_PATH.split(path.delimiter).filter(Boolean);
  const own = process.platform === "darwin" ? "Library/Jupyter" : ".local/share/jupyter";
  return [...data, path.join(home, own)]
    .map((one) => path.join(one, "kernels"))
    .filter((one) => existsSync(one))
    .map((one) => path.join(realpathSync(one), name))
    .filter((one) => existsSync(path.join(one, "kernel.json")));
}

/** Starts the kernel of a kernelspec for a notebook, and connects to it; both end with the test file. */
export async function startFor(notebook: string, kernelspec: string): Promise<RawClient> {
  const runtime = mkdtempSync(path.join(os.tmpdir(), "socket-lab-test-"));
  const file = path.join(runtime, "kernel-v2-1.json");
  const connection = await withFreePorts(newConnection("socket-lab"));
  writeConnectionFile(file, connection);
  const { argv } = JSON.parse(readFileSync(path.join(kernelspec, "kernel.json"), "utf8"));
  const [command, ...args] = (argv as string[]).map((arg) =>
    arg.replace("{resource_dir}", kernelspec).replace("{connection_file}", file),
  );
  const child = spawn(command as string, args, {
    cwd: path.dirname(notebook),
    env: { PATH: path.dirname(process.execPath), HOME: runtime },
    stdio: "ignore",
  });
  const client = new RawClient(connection, file, child.pid as number);
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  atEndOfFile(async () => {
    client.close();
    child.kill("SIGKILL");
    await ended;
    rmSync(runtime, { recursive: true, force: true });
  });
  await client.request("kernel_info_request", {});
  return client;
}
