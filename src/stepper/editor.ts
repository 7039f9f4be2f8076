/** Opens a cell in the person's own editor. */
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

export interface Edit {
  readonly text: string;
  /** The file that was edited; it stays until `discard` is called, so that an edit is never lost. */
  readonly file: string;
  discard(): Promise<void>;
}

/** The command in VISUAL or EDITOR, or the one that every system has. */
export function editorCommand(env: NodeJS.ProcessEnv): string {
  return env.VISUAL || env.EDITOR || (process.platform === "win32" ? "notepad" : "vi");
}

/**
 * Opens the text in the editor and waits until it is closed. The terminal must be the editor's meanwhile.
 *
 * @throws Error the editor could not be started or ended with an error; the message says where the text is
 */
export async function editText(
  text: string,
  fileName: string,
  env: NodeJS.ProcessEnv,
): Promise<Edit> {
  const folder = await mkdtemp(path.join(tmpdir(), "socket-lab-edit-"));
  const file = path.join(folder, fileName);
  await writeFile(file, text.endsWith("\n") ? text : `${text}\n`);
  const command = editorCommand(env);
  // The command may carry options ("code --wait"), so a shell reads it; the file name needs only quotes.
  const child = spawn(`${command} "${file}"`, { shell: true, stdio: "inherit", env });
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  const edited = (await readFile(file, "utf8")).replace(/\r\n/g, "\n").replace(/\n$/, "");
  const discard = (): Promise<void> => rm(folder, { recursive: true, force: true });
  if (status !== 0) {
    const kept = edited === text ? "" : `; what was written is in ${file}`;
    if (kept === "") await discard();
    throw new Error(`"${command}" ended with status ${status}${kept}`);
  }
  return { text: edited, file, discard };
}
