/** What `npm run jupyter` does: finds or installs JupyterLab, starts it, opens a part in it, and ends it. */
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { browserCommand, openBrowser } from "../../lab/open-browser";
import { safeText } from "../../program/safe-text";
import { type BarOutput, progressBar } from "../../scan/progress-bar";
import { SocketError } from "../../sockets/errors";
import { DEFAULT_HOST } from "../../sockets/limits";
import { listen } from "../../sockets/tcp";
import { jupyterFolders } from "./folders";
import { JupyterError } from "./jupyter-error";
import { type JupyterLab, jupyterLabIn, jupyterLabOnPath } from "./jupyterlab";
import { install, isInstalled } from "./python-environment";
import { startServer } from "./server";

export interface OpenOptions {
  readonly root: string;
  /** The notebook to open: `notebooks/02-tcp.ipynb`. Undefined: what was open last, or the first part. */
  readonly file?: string;
  readonly firstPart: string;
  /** Undefined: 8888, or the next that is free. */
  readonly port?: number;
  readonly env: NodeJS.ProcessEnv;
  readonly output: BarOutput;
  /** Ends JupyterLab when it aborts. */
  readonly signal: AbortSignal;
}

const OTHER_WAYS = `Without JupyterLab:
  npm start   steps through the lab in this terminal, on Node alone
  VS Code     opens the notebooks too, and needs no Python: see README.md`;

/**
 * Runs until the signal aborts or JupyterLab ends by itself.
 * @throws JupyterError when JupyterLab cannot be had or started, or has died
 */
export async function openLab(options: OpenOptions): Promise<void> {
  const { root, port, env, signal } = options;
  const say = (line: string) => void options.output.write(safeText(`${line}\n`));
  if (port) await mustBeFree(port);
  const lab = jupyterLabOnPath(env) ?? (await ownJupyterLab(options, say));
  signal.throwIfAborted();
  say(`Starting JupyterLab ${lab.version} (${lab.command})`);
  const server = await startServer({
    root,
    command: lab.command,
    env,
    signal,
    ...(port !== undefined && { port }),
  });
  try {
    const url = server.url(pageOf(options));
    say(`JupyterLab runs at\n\n  ${url}\n\nCtrl+C ends it, and every kernel in it.`);
    const command = browserOf(env);
    const failure = command && (await openBrowser(command, url, env));
    if (failure) say(`The browser could not be opened (${failure}): open the address above.`);
    const end = await Promise.race([server.ended, aborted(signal)]);
    if (end?.status === 0) say("JupyterLab was shut down.");
    else if (end) throw new JupyterError(`JupyterLab has died:\n${end.said}`);
  } finally {
    await server.stop();
  }
}

/** The lab's own JupyterLab, installed if need be. */
async function ownJupyterLab(
  { root, env, output, signal }: OpenOptions,
  say: (line: string) => void,
): Promise<JupyterLab> {
  const { venv } = jupyterFolders(root);
  const requirements = path.join(root, "src", "tools", "jupyter", "requirements.txt");
  if (!isInstalled(venv, requirements)) {
    say("There is no JupyterLab on PATH: the lab gets one of its own, below .lab/.");
    const bar = progressBar(output);
    const onProgress = output.isTTY
      ? bar.update
      : (done: number, total: number) => say(`${done} of ${total}`);
    try {
      await install({ folder: venv, requirements, env, signal, onStep: say, onProgress });
    } catch (error) {
      if (error instanceof JupyterError) error.message += `\n${OTHER_WAYS}`;
      throw error;
    } finally {
      bar.end();
    }
  }
  const lab = jupyterLabIn(venv);
  if (!lab) {
    throw new JupyterError(
      `The JupyterLab in ${venv} does not run: remove that folder, and run this again.\n${OTHER_WAYS}`,
    );
  }
  return lab;
}

/** The page to open. JupyterLab itself opens again what was open when it was left. */
function pageOf({ root, file, firstPart }: OpenOptions): string {
  const workspaces = path.join(jupyterFolders(root).home, "workspaces");
  const leftOpen = existsSync(workspaces) && readdirSync(workspaces).length > 0;
  const wanted = file ?? (leftOpen ? undefined : firstPart);
  return wanted === undefined
    ? "lab"
    : `lab/tree/${wanted.split("/").map(encodeURIComponent).join("/")}`;
}

/** Nobody sits before a machine that is reached over SSH. */
function browserOf(env: NodeJS.ProcessEnv): string[] | undefined {
  return env.SSH_CONNECTION || env.SSH_TTY ? undefined : browserCommand(env);
}

async function mustBeFree(port: number): Promise<void> {
  try {
    await (await listen({ host: DEFAULT_HOST, port })).close();
  } catch (error) {
    if (!(error instanceof SocketError)) throw error;
    throw new JupyterError(
      `${error.message}. Choose another port with --port; 0 lets the system choose.`,
    );
  }
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener("abort", () => resolve(undefined), { once: true });
  });
}
