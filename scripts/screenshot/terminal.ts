/** Draws `npm start`: a part stepped through in a real pseudo-terminal of script(1). */
import { cp, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { NOTEBOOKS_FOLDER, readNotebook } from "../../src/tools/notebook/files";
import { runnableCells } from "../../src/tools/notebook/run";
import { DARK_THEME, LIGHT_THEME, pictureOf } from "../terminal/picture";
import { KEYS, Pty } from "../terminal/pty";

const PART = "notebooks/02-tcp.ipynb";
const SIZE = { columns: 80, rows: 34 };
const PICTURES = [
  { file: "docs/start-dark.svg", theme: DARK_THEME, background: "rgb:1616/1919/1f1f" },
  { file: "docs/start-light.svg", theme: LIGHT_THEME, background: "rgb:ffff/ffff/ffff" },
] as const;
/** The cell of Part 2 after which the picture is taken. */
const SHOWN = "joined";
const LINES_UP = 14;

/** @returns the files that were written */
export async function drawTerminal(root: string): Promise<string[]> {
  for (const picture of PICTURES) {
    await writeFile(path.join(root, picture.file), await takePicture(root, picture));
  }
  return PICTURES.map(({ file }) => file);
}

async function takePicture(
  root: string,
  { theme, background }: (typeof PICTURES)[number],
): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "socket-lab-picture-"));
  await cp(path.join(root, NOTEBOOKS_FOLDER), path.join(folder, NOTEBOOKS_FOLDER), {
    recursive: true,
  });
  await symlink(path.join(root, "src"), path.join(folder, "src"));
  const start = path.join(root, "scripts/run.mjs");
  const pty = new Pty({
    ...SIZE,
    command: `'${process.execPath}' '${start}' start 02`,
    cwd: folder,
    background,
    env: { SOCKET_LAB_PORTS: "system", COLORFGBG: undefined, NO_COLOR: undefined, TMUX: undefined },
  });
  const before = runnableCells(await readNotebook(root, PART)).findIndex(({ id }) => id === SHOWN);
  try {
    await pty.see(/▶ 1\/\d+ imports/);
    pty.press("n".repeat(before));
    await pty.see(/▶ \d+\/\d+ joined/);
    pty.press("a");
    await pty.see(new RegExp(`Ran ${before} cells`));
    pty.press(KEYS.enter);
    await pty.see(/▶ \d+\/\d+ split/);
    pty.press(KEYS.enter);
    await pty.see(/▶ \d+\/\d+ large/);
    pty.press(KEYS.up.repeat(LINES_UP));
    await pty.see(/\d+\/\d+ joined[\s\S]*▶ \d+\/\d+ large[\s\S]*kernel ready/);
    return pictureOf(pty.screen, theme);
  } finally {
    await pty.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
