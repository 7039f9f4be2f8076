/** Foreign text on a terminal: nothing of it is obeyed. */
import { describe, expect, it } from "vitest";
import { ProgramError, program } from "../../src/program/program";
import { printable, safeStyled, safeText } from "../../src/program/safe-text";
import { ATTACK, expectHarmless } from "../tools/commands/attacks";

describe("safe text", () => {
  it("shows every control character as a sign, and keeps lines and tabs", () => {
    expect(safeText("a\tb\n\u001b[31mred\u009b2J\u007f")).toBe("a\tb\n␛[31mred\uFFFD2J␡");
    expect(safeText("user\u202egnp\u200e\u200f\u061c.exe")).toBe("usergnp.exe");
  });

  it("keeps colours where they are wanted, and ends them with the text", () => {
    expect(safeStyled("\u001b[31mred\u001b[2J")).toBe("\u001b[31mred␛[2J\u001b[0m");
  });

  it("leaves ordinary text of any script alone", () => {
    const text = "Grüße, 你好 👨‍👩‍👧, 10 €\n\t\\o/ �";
    expect([safeText(text), safeStyled(text)]).toEqual([text, text]);
  });

  it("stands on one line as escapes, the marks of direction too", () => {
    expect(printable("a\u200eb\u200fc\u061cd")).toBe("a\\u200eb\\u200fc\\u061cd");
  });
});

it("a program's lines, its one-line errors and its stacks are safe text", async () => {
  const texts: string[] = [];
  const write = (text: string | Uint8Array): void => void texts.push(String(text));
  const io = { stdout: { write }, stderr: { write } };
  for (const error of [new ProgramError(ATTACK), new Error(ATTACK)]) {
    const main = program({
      name: "victim",
      about: "Prints what a peer sent.",
      run({ print }) {
        print(`Received: ${ATTACK}`);
        throw error;
      },
    });
    expect(await main([], io)).toBe(1);
  }
  expect(texts).toHaveLength(4);
  for (const text of texts) {
    expectHarmless(text);
    expect(text).toContain("52;c;cm0gLXJm");
  }
});
