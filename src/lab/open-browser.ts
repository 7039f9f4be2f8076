// Opens a file or an address in this machine's browser.

import { spawn } from "node:child_process";

/** A command that has not failed by then has a browser. */
const START_MS = 1_500;

/** The command that opens something in a browser, or undefined where there is no display. */
export function browserCommand(
  env: NodeJS.ProcessEnv,
  platform = process.platform,
): string[] | undefined {
  if (env.BROWSER) return [env.BROWSER];
  if (platform === "darwin") return ["open"];
  if (platform === "win32") return ["cmd", "/c", "start", ""];
  return env.DISPLAY || env.WAYLAND_DISPLAY ? ["xdg-open"] : undefined;
}

/** Resolves with why `target` could not be opened; with undefined when it was. */
export function openBrowser(
  [command = "", ...args]: readonly string[],
  target: string,
  env: NodeJS.ProcessEnv,
  startMs = START_MS,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn(command, [...args, target], { stdio: "ignore", detached: true, env });
    const timer = setTimeout(() => resolve(undefined), startMs);
    const end = (failure: string | undefined): void => {
      clearTimeout(timer);
      resolve(failure);
    };
    child.on("error", (error) => end(error.message));
    child.on("exit", (status) => end(status === 0 ? undefined : `status ${status}`));
    child.unref(); // the browser outlives the lab
  });
}
