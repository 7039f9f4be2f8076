/** Shows a cell's drawing or page in the browser; where there is none, says where the file is. */
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { browserCommand, openBrowser } from "../../lab/open-browser";
import type { CellOutput, DisplayPiece } from "./cell-output";
import { BROWSER_TYPES } from "./output-lines";
import { LAB_FOLDER } from "./progress";

const ENDINGS = { "image/svg+xml": "svg", "text/html": "html" } as const;

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
  const command = browserCommand(env);
  if (command === undefined) return `There is no browser here. The file is ${file}`;
  const failure = await openBrowser(command, full, env);
  return failure === undefined
    ? `Opened in the browser: ${file}`
    : `The browser could not be opened (${failure}). The file is ${file}`;
}
