/** Shows a cell's drawing or page in the browser; where there is none, says where the file is. */
import { spawn } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import type { CellOutput, DisplayPiece } from "./cell-output";
import { BROWSER_TYPES } from "./output-lines";
import { LAB_FOLDER } from "./progress";

const ENDINGS = { "image/svg+xml": "svg", "text/html": "html" } as const;
/** A command that has not failed by then has a browser. */
const START_MS = 1_500;

/** The last display of the output that a browser can show: its file's ending and text. */
export function browserContent(output: CellOutput): { ending: string; text: string } | undefined {
  const displays = output.pieces.filter((piece): piece is DisplayPiece => piece.kind === "display");
  for (const { data } of displays.reverse()) {
    for (const type of BROWSER_TYPES) {
      const text = data[type];
      if (typeof text === "string") return { ending: ENDINGS[type], text };
    }
  }
  return undefined;
}

/** The command that opens a file in a browser, or undefined where nobody could see one. */
export function browserCommand(
  env: NodeJS.ProcessEnv,
  platform = process.platform,
): string[] | undefined {
  if (env.BROWSER) return [env.BROWSER];
  if (platform === "darwin") return ["open"];
  if (platform === "win32") return ["cmd", "/c", "start", ""];
  return env.DISPLAY || env.WAYLAND_DISPLAY ? ["xdg-open"] : undefined;
}

/**
 * Writes the output to `.lab/outputs/` and opens it.
 *
 * @returns what to tell the person
 */
export async function openInBrowser(
  root: string,
  notebook: string,
  cell: string,
  content: { ending: string; text: string },
  env: NodeJS.ProcessEnv,
): Promise<string> {
  const part = path.posix.basename(notebook, ".ipynb");
  const file = path.posix.join(LAB_FOLDER, "outputs", part, `${cell}.${content.ending}`);
  const full = path.join(root, file);
  await mkdir(path.dirname(full), { recursive: true });
  await writeFile(full, content.text);
  const [command, ...args] = browserCommand(env) ?? [];
  if (command === undefined) return `There is no browser here. The file is ${file}`;
  const failure = await start(command, [...args, full], env);
  return failure === undefined
    ? `Opened in the browser: ${file}`
    : `The browser could not be opened (${failure}). The file is ${file}`;
}

function start(
  command: string,
  args: string[],
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: "ignore", detached: true, env });
    const timer = setTimeout(() => resolve(undefined), START_MS);
    const end = (failure: string | undefined): void => {
      clearTimeout(timer);
      resolve(failure);
    };
    child.on("error", (error) => end(error.message));
    child.on("exit", (status) => end(status === 0 ? undefined : `status ${status}`));
    child.unref(); // the browser outlives the lab
  });
}
