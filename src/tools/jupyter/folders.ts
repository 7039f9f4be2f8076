/** Where JupyterLab keeps what it writes: below `.lab/`, so that nothing else on the machine changes. */
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { isAlive } from "../kernel/alive";

export interface JupyterFolders {
  /** The virtual environment of `npm run jupyter`, where it installs one. */
  readonly venv: string;
  /** Settings, workspaces and signatures, kept from one start to the next. */
  readonly home: string;
  /** Connection files and logs of one server; removed with it. */
  readonly runtime: string;
}

const RUNTIME_PREFIX = "runtime-";

/** The folders for the lab in `root`. */
export function jupyterFolders(root: string): JupyterFolders {
  const lab = path.join(root, ".lab");
  const home = path.join(lab, "jupyter");
  return {
    venv: path.join(lab, "venv"),
    home,
    runtime: path.join(home, `${RUNTIME_PREFIX}${process.pid}`),
  };
}

/** The environment of a Jupyter server on the lab, from the user's own. */
export function jupyterEnvironment(root: string, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { home, runtime } = jupyterFolders(root);
  const kernels = path.join(root, ".jupyter");
  return {
    ...env,
    JUPYTER_PATH: [kernels, env.JUPYTER_PATH].filter(Boolean).join(path.delimiter),
    JUPYTER_CONFIG_PATH: path.join(root, "src", "tools", "jupyter", "config"),
    JUPYTER_CONFIG_DIR: path.join(home, "config"),
    JUPYTER_DATA_DIR: path.join(home, "data"),
    JUPYTER_RUNTIME_DIR: runtime,
    JUPYTERLAB_SETTINGS_DIR: path.join(home, "settings"),
    JUPYTERLAB_WORKSPACES_DIR: path.join(home, "workspaces"),
    IPYTHONDIR: path.join(home, "ipython"),
    JUPYTER_TOKEN: undefined, // an empty one would let everybody in
    JUPYTER_PREFER_ENV_PATH: undefined,
    // Kernels find the Node that runs this.
    PATH: [path.dirname(process.execPath), env.PATH].filter(Boolean).join(path.delimiter),
  };
}

/** Makes the runtime folder, and removes those of servers that were killed. */
export function freshRuntimeFolder(root: string): string {
  const { home, runtime } = jupyterFolders(root);
  mkdirSync(home, { recursive: true });
  for (const name of readdirSync(home)) {
    const pid = name.startsWith(RUNTIME_PREFIX) ? Number(name.slice(RUNTIME_PREFIX.length)) : 0;
    if (pid > 0 && (pid === process.pid || !isAlive(pid))) {
      rmSync(path.join(home, name), { recursive: true, force: true });
    }
  }
  mkdirSync(runtime, { mode: 0o700 });
  return runtime;
}
