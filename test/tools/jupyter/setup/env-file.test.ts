import { describe, expect, it } from "vitest";
import {
  jupyterPathIn,
  type PathRules,
  withFolder,
  withoutFolder,
} from "../../../../src/tools/jupyter/setup/env-file";
import { pathRules } from "../../../../src/tools/jupyter/setup/kernel-folders";

const LINUX = pathRules({ platform: "linux", env: {}, home: "/home/ada" });
const WINDOWS = pathRules({ platform: "win32", env: {}, home: "C:\\Users\\ada" });
const OURS = "/work/lab/.jupyter";
const MARK = "# Socket Lab's kernel for VS Code; `npm run setup -- --undo` removes it.";

/** Adds and removes, and checks what has to hold for every file. */
function added(text: string, folder = OURS, rules: PathRules = LINUX): string {
  const once = withFolder(text, folder, rules);
  expect(jupyterPathIn(once, rules)?.at(-1)).toBe(folder);
  expect(withFolder(once, folder, rules), "a second time").toBe(once);
  expect(withoutFolder(once, folder, rules), "undone").toBe(text);
  return once;
}

describe("JUPYTER_PATH in .env", () => {
  it("gets a line of its own above what a file without it holds, which keeps every byte", () => {
    expect(added("")).toBe(`${MARK}\nJUPYTER_PATH=${OURS}\n`);
    const files = [
      "TOKEN=a b  \n\n# mine\nexport X=1",
      "A=1\n",
      "\n\n",
      "A=1\r\nB=2\r\n",
      "\uFEFFA=1\n",
      "# JUPYTER_PATH=/off\nexport JUPYTER_PATH=/not-read\nMY_JUPYTER_PATH=/other\n",
    ];
    for (const text of files) {
      const whole = added(text);
      expect(whole.endsWith(text)).toBe(true);
      const end = text.includes("\r") ? "\r\n" : "\n";
      expect(whole).toBe(`${MARK}${end}JUPYTER_PATH=${OURS}${end}${text}`);
    }
  });

  it.each([
    ["JUPYTER_PATH=/theirs\n", `JUPYTER_PATH=/theirs:${OURS}\n`],
    [
      "A=1\n  JUPYTER_PATH = /theirs:/more  \nB=2",
      `A=1\n  JUPYTER_PATH = /theirs:/more:${OURS}  \nB=2`,
    ],
    ['JUPYTER_PATH="/their own"\r\n', `JUPYTER_PATH="/their own:${OURS}"\r\n`],
    ["JUPYTER_PATH=''\n", `JUPYTER_PATH='${OURS}'\n`],
    ["JUPYTER_PATH=\nA=1\n", `JUPYTER_PATH=${OURS}\nA=1\n`],
    ["\uFEFFJUPYTER_PATH=/theirs", `\uFEFFJUPYTER_PATH=/theirs:${OURS}`],
    [
      "JUPYTER_PATH=/first\nJUPYTER_PATH=/last\n",
      `JUPYTER_PATH=/first\nJUPYTER_PATH=/last:${OURS}\n`,
    ],
    [`JUPYTER_PATH=\${HOME}/k\n`, `JUPYTER_PATH=\${HOME}/k:${OURS}\n`],
  ])("is continued where %j has it, behind what is there", (text, expected) => {
    expect(added(text)).toBe(expected);
  });

  it("keeps the folders of VS Code's environment where it would hide them", () => {
    const text = withFolder("A=1\n", OURS, LINUX, { inherits: true });
    expect(text).toBe(`${MARK}\nJUPYTER_PATH=\${JUPYTER_PATH}:${OURS}\nA=1\n`);
    expect(jupyterPathIn(text, LINUX, { JUPYTER_PATH: "/x:/y" })).toEqual(["/x", "/y", OURS]);
    expect(jupyterPathIn(text, LINUX)).toEqual([OURS]);
    expect(withoutFolder(text, OURS, LINUX)).toBe("A=1\n");
  });

  it("follows the repository when it was moved", () => {
    const before = withFolder("A=1\n", "/old/.jupyter", LINUX);
    expect(withFolder(before, OURS, LINUX)).toBe(withFolder("A=1\n", OURS, LINUX));
  });

  it("keeps what a person has added to our line", () => {
    const text = `${MARK}\nJUPYTER_PATH=${OURS}:/mine\n`;
    expect(withoutFolder(text, OURS, LINUX)).toBe(`${MARK}\nJUPYTER_PATH=/mine\n`);
    expect(withFolder(text, "/new", LINUX)).toBe(`${MARK}\nJUPYTER_PATH=${OURS}:/mine:/new\n`);
  });

  it("reads a folder with a dollar sign as it is named", () => {
    added("", `/work/\${lab}/$x/.jupyter`);
  });

  it("is written with semicolons on Windows, where case and slashes make no difference", () => {
    expect(added("JUPYTER_PATH=D:\\theirs\r\n", "C:/lab/.jupyter", WINDOWS)).toBe(
      "JUPYTER_PATH=D:\\theirs;C:/lab/.jupyter\r\n",
    );
    const text = "JUPYTER_PATH=c:\\LAB\\.jupyter\\\n";
    expect(withFolder(text, "C:/lab/.jupyter", WINDOWS)).toBe(text);
  });
});
