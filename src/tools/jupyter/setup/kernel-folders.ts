/** Where front ends look for kernels, in the order in which they look. */
import path from "node:path";
import type { PathRules } from "./env-file";

/** What the answer depends on. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly env: NodeJS.ProcessEnv;
  readonly home: string;
}

/** `path` as on that machine. */
export function pathOf({ platform }: Machine): path.PlatformPath {
  return platform === "win32" ? path.win32 : path.posix;
}

/** How JUPYTER_PATH is written there. */
export function pathRules(machine: Machine): PathRules {
  const { delimiter, resolve } = pathOf(machine);
  const plain = (folder: string) =>
    machine.platform === "win32" ? resolve(folder).toLowerCase() : resolve(folder);
  return { delimiter, same: (a, b) => plain(a) === plain(b) };
}

/**
 * The folder of a user's own Jupyter data
 * (https://docs.jupyter.org/en/latest/use/jupyter-directories.html#data-files).
 */
export function userDataFolder(machine: Machine): string {
  const { platform, env, home } = machine;
  const { join } = pathOf(machine);
  if (env.JUPYTER_DATA_DIR) return env.JUPYTER_DATA_DIR;
  if (platform === "darwin") return join(home, "Library", "Jupyter");
  if (platform === "win32") {
    if (env.APPDATA) return join(env.APPDATA, "jupyter");
    return join(env.JUPYTER_CONFIG_DIR || join(home, ".jupyter"), "data");
  }
  return join(env.XDG_DATA_HOME || join(home, ".local", "share"), "jupyter");
}

/** The folders with data that VS Code's Jupyter extension knows beside those of JUPYTER_PATH. */
export function vscodeDataFolders(machine: Machine): string[] {
  const { platform, env, home } = machine;
  const { join } = pathOf(machine);
  if (platform === "win32") {
    // Kernels of %PROGRAMDATA% are hidden there until a person trusts them.
    return [join(home, "AppData", "Roaming", "jupyter")];
  }
  // It knows neither JUPYTER_DATA_DIR nor XDG_DATA_HOME for kernels.
  const own = userDataFolder({ ...machine, env: { ...env, ...NO_OVERRIDES } });
  return ["/usr/share/jupyter", "/usr/local/share/jupyter", own];
}

const NO_OVERRIDES = { JUPYTER_DATA_DIR: undefined, XDG_DATA_HOME: undefined };

/** The folders with data that Jupyter itself knows, but for that of its Python installation. */
export function jupyterDataFolders(machine: Machine): string[] {
  const { platform, env } = machine;
  const listed = (env.JUPYTER_PATH ?? "").split(pathRules(machine).delimiter).filter(Boolean);
  const system =
    platform === "win32"
      ? env.PROGRAMDATA
        ? [path.win32.join(env.PROGRAMDATA, "jupyter")]
        : []
      : ["/usr/local/share/jupyter", "/usr/share/jupyter"];
  return [...listed, userDataFolder(machine), ...system];
}
