/** Opens a cell in the person's own editor. The text lies in `.lab/edits/` until it is safe in the notebook. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { systemCode } from "../../program/system-code";
import { LAB_FOLDER } from "./progress";

export interface Edit {
  readonly text: string;
  /** Where the text lies, relative to the repository. */
  readonly file: string;
  /** Set when the editor failed: what to tell the person. */
  readonly problem?: string;
}

/** True when the person has chosen an editor. */
export function choseEditor(env: NodeJS.ProcessEnv): boolean {
  return Boolean(env.VISUAL || env.EDITOR);
}

/** The command in VISUAL or EDITOR, or the one that every system has. */
export function editorCommand(env: NodeJS.ProcessEnv): string {
  return env.VISUAL || env.EDITOR || (process.platform === "win32" ? "notepad" : "vi");
}

/** The file that a cell is edited in: `.lab/edits/02-tcp/tcp-server.ts`. */
export function editFile(notebook: string, cell: string): string {
  return path.posix.join(
    LAB_FOLDER,
    "edits",
    path.posix.basename(notebook, ".ipynb"),
    `${cell}.ts`,
  );
}

/** A text that an earlier edit left, because it could not be saved. */
export async function keptEdit(root: string, file: string): Promise<string | undefined> {
  const text = await readFile(path.join(root, file), "utf8").catch((error: unknown) => {
    if (!systemCode(error)) throw error;
    return undefined;
  });
  return text === undefined ? undefined : asSource(text);
}

/**
 * Writes the text to `file` and waits until the editor has closed. The terminal must be the editor's meanwhile.
 * Whatever the editor saved stays in the file until discardEdit.
 *
 * @param onStart told the editor's process, to be ended with this one
 */
export async function editText(
  root: string,
  file: string,
  text: string,
  env: NodeJS.ProcessEnv,
  onStart: (child: ChildProcess) => void,
): Promise<Edit> {
  const full = path.join(root, file);
  await mkdir(path.dirname(full), { recursive: true });
  await writeFile(full, text.endsWith("\n") ? text : `${text}\n`);
  const command = editorCommand(env);
  // The command may carry options ("code --wait"), so a shell reads it; the file's name needs only quotes.
  // It becomes the editor, so that the editor can be ended; `env` lets the command set variables ("A=b vi").
  const line = process.platform === "win32" ? command : `exec env ${command}`;
  const child = spawn(`${line} "${full}"`, { shell: true, stdio: "inherit", env, cwd: root });
  onStart(child);
  const problem = await new Promise<string | undefined>((resolve) => {
    child.on("error", (error) => resolve(`the editor could not be started: ${error.message}`));
    child.on("close", (status, signal) => {
      if (status === 0) resolve(undefined);
      else resolve(`"${command}" ended with ${signal ?? `status ${status}`}`);
    });
  });
  const edited = await keptEdit(root, file);
  if (edited === undefined) return { text, file, problem: problem ?? `${file} has gone` };
  return { text: edited, file, ...(problem !== undefined && { problem }) };
}

export async function discardEdit(root: string, file: string): Promise<void> {
  await rm(path.join(root, file), { force: true });
}

/** Editors end a file with a line end; a cell's source has none. */
function asSource(text: string): string {
  return text.replace(/\r\n/g, "\n").replace(/\n$/, "");
}
