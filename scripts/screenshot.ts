/** `npm run screenshot`: steps through a part in a real pseudo-terminal and draws what it shows, for the README. */
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { runCommand } from "../src/notebook/command";
import { NOTEBOOKS_FOLDER } from "../src/notebook/files";
import { takeBookPictures } from "./book-pictures";
import { DARK_THEME, LIGHT_THEME, pictureOf } from "./terminal/picture";
import { KEYS, Pty } from "./terminal/pty";

const HELP = `Usage: npm run screenshot [-- book]

Runs npm start on a copy of the notebooks, steps through a piece of Part 2, and writes
docs/start-dark.svg and docs/start-light.svg. Needs script(1) of util-linux.

With book: makes the book, and writes docs/book-*.png. Needs Chromium.`;

const SIZE = { columns: 80, rows: 34 };
const PICTURES = [
  { file: "docs/start-dark.svg", theme: DARK_THEME, background: "rgb:1616/1919/1f1f" },
  { file: "docs/start-light.svg", theme: LIGHT_THEME, background: "rgb:ffff/ffff/ffff" },
] as const;
const CELLS_BEFORE = 8;
const LINES_UP = 14;

await runCommand({ help: HELP, positionals: "any" }, async ({ positionals: [what] }) => {
  const root = process.cwd();
  await mkdir(path.join(root, "docs"), { recursive: true });
  if (what === "book") {
    for (const file of await takeBookPictures(root)) console.log(file);
    return 0;
  }
  if (what !== undefined) {
    console.error(`There is no picture of "${what}".\n\n${HELP}`);
    return 2;
  }
  for (const picture of PICTURES) {
    await writeFile(path.join(root, picture.file), await takePicture(root, picture));
    console.log(picture.file);
  }
  return 0;
});

async function takePicture(
  root: string,
  { theme, background }: (typeof PICTURES)[number],
): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "socket-lab-picture-"));
  await cp(path.join(root, NOTEBOOKS_FOLDER), path.join(folder, NOTEBOOKS_FOLDER), {
    recursive: true,
  });
  await symlink(path.join(root, "src"), path.join(folder, "src"));
  const start = path.join(root, "scripts/start.mjs");
  const pty = new Pty({
    ...SIZE,
    command: `'${process.execPath}' '${start}' 02`,
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
