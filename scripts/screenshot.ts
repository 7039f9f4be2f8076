/** `npm run dev -- screenshot`: draws the pictures of the README from real sessions. */
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { print, printError } from "../src/program/print";
import { runCommand } from "../src/tools/notebook/command";
import { takeBookPictures } from "./screenshot/book";
import { drawJupyterLab } from "./screenshot/jupyterlab";
import { drawTerminal } from "./screenshot/terminal";

const HELP = `Usage: npm run dev -- screenshot [NAME...]

Draws the pictures of the README into docs/, all or those named:
  terminal   npm start in the middle of Part 2, dark and light; needs script(1) of util-linux
  jupyter    JupyterLab in the middle of Part 2; needs Chromium, and what npm run jupyter installs
  book       pages of the book; needs Chromium`;

const PICTURES: Readonly<Record<string, (root: string) => Promise<string[]>>> = {
  terminal: drawTerminal,
  jupyter: async (root) => [await drawJupyterLab(root)],
  book: takeBookPictures,
};

await runCommand({ help: HELP, positionals: "any" }, async ({ positionals }) => {
  const root = process.cwd();
  const unknown = positionals.filter((name) => !Object.hasOwn(PICTURES, name));
  if (unknown.length > 0) {
    printError(`No picture is called "${unknown.join(" ")}".\n\n${HELP}`);
    return 2;
  }
  await mkdir(path.join(root, "docs"), { recursive: true });
  for (const name of positionals.length > 0 ? positionals : Object.keys(PICTURES)) {
    for (const file of (await PICTURES[name]?.(root)) ?? []) print(file);
  }
  return 0;
});
