/** A JupyterLab server on the lab: started, awaited, and ended with all its kernels. */
import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream, existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { DEFAULT_HOST } from "../../sockets/limits";
import { freshRuntimeFolder, jupyterEnvironment, jupyterFolders } from "./folders";
import { JupyterError } from "./jupyter-error";

/** Generous: the first start on a slow disk compiles a thousand Python files. */
const START_MAX_MS = 120_000;
const POLL_MS = 50;
/** How long a server may take to end its kernels before it is killed. */
const STOP_MAX_MS = 10_000;
/** The end of its log, to explain why a server has ended. */
const MAX_SAID_LINES = 8;
const MAX_SAID_CHARS = 4_000;

export interface JupyterServer {
  /** The address of a page in it, with the token: `url("lab/tree/notebooks/02-tcp.ipynb")`. */
  url(page: string): string;
  /** Resolves when the server has ended, for example by File > Shut Down. */
  readonly ended: Promise<ServerEnd>;
  /** Ends the server and its kernels; resolves when they are gone. */
  stop(): Promise<void>;
}

export interface ServerEnd {
  /** Exit status; null when a signal ended it, or it could not be started. */
  readonly status: number | null;
  /** What it wrote last. */
  readonly said: string;
}

export interface ServerOptions {
  /** The lab's folder: what JupyterLab shows. */
  readonly root: string;
  /** The program `jupyter-lab`. */
  readonly command: string;
  /** Undefined: 8888, or the next that is free. */
  readonly port?: number;
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
}

/**
 * Starts JupyterLab on 127.0.0.1 and waits until it answers. Its log goes to `.lab/jupyter/jupyterlab.log`.
 * @throws JupyterError with the end of its log, when it does not start
 * @throws the signal's reason, when it aborts first
 */
export async function startServer(options: ServerOptions): Promise<JupyterServer> {
  const { root, command, port, env, signal } = options;
  const runtime = freshRuntimeFolder(root);
  const child = spawn(command, serverArguments(root, port), {
    cwd: root,
    env: { ...jupyterEnvironment(root, env), SOCKET_LAB_END_WITH_STDIN: "1" },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const said = keepLog(child, path.join(jupyterFolders(root).home, "jupyterlab.log"));
  let over = false;
  const ended = new Promise<ServerEnd>((resolve) => {
    const end = (status: number | null) => {
      over = true;
      rmSync(runtime, { recursive: true, force: true });
      resolve({ status, said: said() });
    };
    child.once("error", () => end(null));
    child.once("close", end);
  });
  const stop = async () => {
    child.stdin.end(); // it ends by itself then: see config/jupyter_server_config.py
    const timer = setTimeout(() => child.kill("SIGKILL"), STOP_MAX_MS);
    await ended;
    clearTimeout(timer);
  };
  child.stdin.on("error", () => {}); // it may have ended
  const deadline = Date.now() + START_MAX_MS;
  for (;;) {
    const info = over ? undefined : serverInfo(runtime);
    if (info) return { url: (page) => `${info.url}${page}?token=${info.token}`, ended, stop };
    if (over) throw new JupyterError(`JupyterLab did not start:\n${(await ended).said}`);
    if (signal?.aborted || Date.now() > deadline) {
      await stop();
      signal?.throwIfAborted();
      throw new JupyterError(`JupyterLab did not start in ${START_MAX_MS / 1000} s:\n${said()}`);
    }
    await pause(POLL_MS);
  }
}

function serverArguments(root: string, port: number | undefined): string[] {
  const settings = {
    ip: DEFAULT_HOST,
    root_dir: root,
    open_browser: "False",
    ...(port !== undefined && { port: String(port), port_retries: "0" }),
    // Only root is asked for it; in a container there may be nobody else.
    ...(process.getuid?.() === 0 && { allow_root: "True" }),
  };
  return Object.entries(settings).map(([name, value]) => `--ServerApp.${name}=${value}`);
}

interface ServerInfo {
  readonly url: string;
  readonly token: string;
}

/** What a server that listens says about itself in its runtime folder (`jupyter server list` reads the same). */
function serverInfo(runtime: string): ServerInfo | undefined {
  const name = existsSync(runtime)
    ? readdirSync(runtime).find((file) => /^jpserver-\d+\.json$/.test(file))
    : undefined;
  if (name === undefined) return undefined;
  try {
    return JSON.parse(readFileSync(path.join(runtime, name), "utf8")) as ServerInfo;
  } catch {
    return undefined; // half-written
  }
}

/** Writes all that the server says to a file, and returns a function that gives its last lines. */
function keepLog(child: ChildProcess, file: string): () => string {
  const log = createWriteStream(file, { mode: 0o600 });
  log.on("error", () => {}); // a full disk is no reason to end the server
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      log.write(text);
      said = (said + text).slice(-MAX_SAID_CHARS);
    });
  }
  child.once("error", ({ message }) => {
    said += message;
  });
  child.once("close", () => log.end());
  return () => said.trimEnd().split("\n").slice(-MAX_SAID_LINES).join("\n");
}
