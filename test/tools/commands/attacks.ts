/** What a terminal obeys, each in a form that nothing of the lab writes itself. */
import { expect } from "vitest";

export const ATTACKS: Readonly<Record<string, string>> = {
  "OSC 52 writes the clipboard": "\u001b]52;c;cm0gLXJm\u0007",
  "OSC 0 renames the window": "\u001b]0;renamed\u001b\\",
  "CSI moves the cursor": "\u001b[7;77H",
  "CSI erases the screen": "\u001b[3J",
  "DCS asks for a setting": "\u001bP$qm\u001b\\",
  "RIS resets the terminal": "\u001bc",
  "a sequence within another": "\u001b\u001b[3J[3J\u001b[\u202e3J",
  "C1 forms": "\u009b3J\u009d0;renamed\u009c",
  "a bell, backspaces, a forged line": "\u0007\b\b\rforged",
  "bidirectional controls": "\u202euser\u202c\u2066\u2069\u200e\u200f\u061c",
};
export const ATTACK = Object.values(ATTACKS).join("x");

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours are harmless
const COLOUR = /\u001b\[[\d;]*m/g;
const BIDI = String.raw`\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069`;
const OBEYED = new RegExp(String.raw`\r(?!\n)|[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f${BIDI}]`);

/** Holds nothing that a terminal obeys, except colours. */
export function expectHarmless(text: string): void {
  const rest = text.replace(COLOUR, "");
  expect(OBEYED.test(rest), JSON.stringify(rest)).toBe(false);
}
