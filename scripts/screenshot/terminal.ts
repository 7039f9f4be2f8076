/** Draws `npm start`: a part stepped through in a real pseudo-terminal of script(1). */
import { cp, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { NOTEBOOKS_FOLDER } from "../../src/tools/notebook/files";
import { DARK_THEME, LIGHT_THEME, pictureOf } from "../terminal/picture";
import { KEYS, Pty } from "../terminal/pty";

const SIZE = { columns: 80, rows: 34 };
const PICTURES = [
  { file: "docs/start-dark.svg", theme: DARK_THEME, background: "rgb:1616/1919/1f1f" },
  { file: "docs/start-light.svg", theme: LIGHT_THEME, background: "rgb:ffff/ffff/ffff" },
] as const;
const CELLS_BEFORE = 8;
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
  try {
    await pty.see(/▶ 1\/26 imports/);
    pty.press("n".repeat(CELLS_BEFORE));
    await pty.see(/▶ 9\/26 joined/);
    pty.press("a");
    await pty.see(/Ran 8 cells/);
    pty.press(KEYS.enter);
    await pty.see(/▶ 10\/26 split/);
    pty.press(KEYS.enter);
    await pty.see(/▶ 11\/26 large/);
    pty.press(KEYS.up.repeat(LINES_UP));
    await pty.see(/9\/26 joined[\s\S]*▶ 11\/26 large[\s\S]*kernel ready/);
    return pictureOf(pty.screen, theme);
  } finally {
    await pty.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
