/** `npm run jupyter` as a person starts and ends it. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { jupyterFolders } from "../../../src/tools/jupyter/folders";
import { type Child, KERNEL_CHILD_DEADLINE_MS } from "../../support/child";
import { atEndOfFile } from "../../support/end-of-file";
import { REPOSITORY, startCommand } from "../../tools/commands/support";
import { isAlive, until } from "../../tools/kernel/support";
import { LAB } from "./lab-page";

const home = mkdtempSync(path.join(tmpdir(), "socket-lab-home-"));
atEndOfFile(() => rmSync(home, { recursive: true, force: true }));

/** Without a jupyter-lab on PATH, on a machine that is reached over SSH. */
function startJupyter(args: readonly string[], env: NodeJS.ProcessEnv = {}): Child {
  const folders = (process.env.PATH ?? "").split(path.delimiter);
  const PATH = folders.filter((folder) => !existsSync(path.join(folder, "jupyter-lab")));
  return startCommand("jupyter", args, {
    env: {
      HOME: home,
      PATH: PATH.join(path.delimiter),
      SSH_CONNECTION: "127.0.0.1 1 127.0.0.1 22",
      BROWSER: "/must/not/be/opened",
      ...env,
    },
  });
}

async function addressOf(child: Child): Promise<URL> {
  const [address] = await child.line(/http:\S+/, KERNEL_CHILD_DEADLINE_MS);
  return new URL(address);
}

function ask(url: URL, method = "GET", body?: string): Promise<{ status?: number; text: string }> {
  return new Promise((resolve, reject) => {
    const asking = request(url, { method }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (data) => {
        text += data;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
    });
    asking.on("error", reject);
    asking.end(body);
  });
}

/** Starts a kernel in the server, and returns the ids of both processes. */
async function processesOf(address: URL): Promise<number[]> {
  const api = new URL(`/api/kernels${address.search}`, address);
  expect((await ask(api, "POST", '{"name":"socket-lab"}')).status).toBe(201);
  const home = jupyterFolders(REPOSITORY).home;
  const runtimes = readdirSync(home).filter((name) => name.startsWith("runtime-"));
  const files = runtimes.flatMap((name) => readdirSync(path.join(home, name)));
  const server = Number(/^jpserver-(\d+)\.json$/m.exec(files.join("\n"))?.[1]);
  await until("the kernel is there", () => childrenOf(server).length > 0);
  return [server, ...childrenOf(server)];
}

function childrenOf(pid: number): number[] {
  const isChild = (name: string) =>
    new RegExp(`^PPid:\\s+${pid}$`, "m").test(readStatus(Number(name)));
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && isChild(name))
    .map(Number);
}

function readStatus(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, "utf8");
  } catch {
    return ""; // it has ended
  }
}

test("opens the part on loopback, with a token, and Ctrl+C ends it with its kernels", async () => {
  const child = startJupyter(["02", "--port", "0"]);
  const address = await addressOf(child);
  expect(child.stdout).toContain(`Starting JupyterLab 4.6.6 (${jupyterFolders(REPOSITORY).venv}`);
  expect(address.hostname).toBe("127.0.0.1");
  expect(address.pathname).toBe("/lab/tree/notebooks/02-tcp.ipynb");
  expect(address.searchParams.get("token")).toMatch(/^\w{32,}$/);
  expect(child.stdout).not.toContain("browser could not be opened");
  const withToken = await ask(new URL(`/api/contents/notebooks${address.search}`, address));
  expect(withToken.text).toContain("02-tcp.ipynb");
  expect((await ask(new URL("/api/contents/notebooks", address))).status).toBe(403);

  const processes = await processesOf(address);
  child.kill("SIGINT");
  const { status, stderr } = await child.end(KERNEL_CHILD_DEADLINE_MS);
  expect(stderr).toBe("");
  expect(status).toBe(0);
  await until("server and kernel have ended", () => !processes.some(isAlive));
  expect(readdirSync(home)).toEqual([]);
});

test("ends with the terminal that started it, also when that is killed", async () => {
  const child = startJupyter(["--port", "0"]);
  const processes = await processesOf(await addressOf(child));
  child.kill("SIGKILL");
  await until("server and kernel have ended", () => !processes.some(isAlive));
});

test("says that a port is in use, and what to do", async () => {
  const { port } = new URL(LAB.url);
  const { status, stdout, stderr } = await startJupyter(["--port", port]).end(
    KERNEL_CHILD_DEADLINE_MS,
  );
  expect(stderr).toBe(
    `listen 127.0.0.1:${port}: address already in use. Choose another port with --port; 0 lets the system choose.\n`,
  );
  expect(stdout).toBe("");
  expect(status).toBe(1);
});
