/** Keys, and what a terminal says of itself. */
import { describe, expect, it, onTestFinished } from "vitest";
import {
  backgroundFromAnswer,
  backgroundFromEnv,
  mayAskBackground,
} from "../../../src/tools/terminal/background";
import { type Key, KeyReader } from "../../../src/tools/terminal/keys";
import { colourDepth, stylesFor } from "../../../src/tools/terminal/palette";

/** Reads the pieces one after the other, and gives the names of the keys. */
async function read(...pieces: string[]): Promise<{ keys: Key[]; answers: string[] }> {
  const keys: Key[] = [];
  const answers: string[] = [];
  await new Promise<void>((resolve) => {
    const reader = new KeyReader(
      (key) => {
        if (key.name === "ctrl+x") resolve();
        else keys.push(key);
      },
      (answer) => answers.push(answer),
    );
    onTestFinished(() => reader.close());
    for (const piece of [...pieces, "\u0018"]) reader.read(piece);
  });
  return { keys, answers };
}

describe("keys", () => {
  it("have names, whichever bytes a terminal sends for them", async () => {
    const { keys } = await read(
      "\r",
      "\u001b[A",
      "\u001bOB",
      "\u001b[6~",
      "\u0003",
      " ",
      "R",
      "é",
      "\u007f",
    );
    expect(keys.map(({ name }) => name)).toEqual([
      "enter",
      "up",
      "down",
      "pagedown",
      "ctrl+c",
      "space",
      "R",
      "é",
      "backspace",
    ]);
    expect(keys.map(({ text }) => text).join("|")).toBe("||||| |R|é|");
  });

  it("are told from a terminal's answer, also when it comes in pieces", async () => {
    const { keys, answers } = await read("n\u001b]11;rgb:ff", "ff/ffff/ffff\u001b", "\\b");
    expect(keys.map(({ name }) => name)).toEqual(["n", "b"]);
    expect(answers).toEqual(["11;rgb:ffff/ffff/ffff"]);
  });

  it("that were pasted are marked", async () => {
    const { keys } = await read("a\u001b[200~q\r\u001b[201~b");
    expect(keys.map(({ name, pasted }) => [name, pasted])).toEqual([
      ["a", false],
      ["q", true],
      ["enter", true],
      ["b", false],
    ]);
  });
});

describe("a terminal", () => {
  it("is light or dark by COLORFGBG, or by its own answer", () => {
    expect(
      ["15;0", "0;15", "0;default;7", "12;8", "x", undefined].map((COLORFGBG) =>
        backgroundFromEnv({ COLORFGBG }),
      ),
    ).toEqual(["dark", "light", "light", "dark", undefined, undefined]);
    expect(
      ["11;rgb:ffff/ffff/ffff", "11;rgb:16/19/1f", "11;rgba:f/f/d/f", "10;rgb:0/0/0"].map(
        backgroundFromAnswer,
      ),
    ).toEqual(["light", "dark", "light", undefined]);
  });

  it("is asked only where the question cannot be seen", () => {
    const asked = (TERM: string, TMUX?: string) => mayAskBackground({ TERM, TMUX });
    expect([
      asked("xterm-256color"),
      asked("screen.xterm"),
      asked("screen", "x"),
      asked("dumb"),
      asked("linux"),
    ]).toEqual([true, false, true, false, false]);
  });

  it("has 256 colours, 16, or none with NO_COLOR", () => {
    expect([
      colourDepth({ TERM: "xterm-256color" }, 4),
      colourDepth({ TERM: "xterm" }, 4),
      colourDepth({ TERM: "xterm-256color", NO_COLOR: "1" }, 8),
      colourDepth({ TERM: "xterm", NO_COLOR: "" }, 8),
      colourDepth({ TERM: "dumb" }, 4),
    ]).toEqual([256, 16, 0, 256, 0]);
  });

  it("whose background is unknown is painted with its own theme's colours only", () => {
    const unknown = stylesFor({ depth: 256, background: undefined });
    expect(unknown.keyword("x")).toBe("\u001b[35mx\u001b[39m");
    const light = stylesFor({ depth: 256, background: "light" });
    const dark = stylesFor({ depth: 256, background: "dark" });
    expect(light.keyword("x")).not.toBe(dark.keyword("x"));
    expect(dark.selected("x")).toBe("\u001b[1;38;5;255;48;5;238mx\u001b[22;39;49m");
  });
});
