/** The text of --help on a narrow terminal. */
import { expect, it } from "vitest";
import { wrapHelp } from "../../src/program/help";

const HELP = `Usage: npm run thing -- PART [--flag]

Does one thing after the other.
  --flag VALUE   takes a value that needs more words than there are columns
  npm run thing  short`;

it("breaks between words, and goes on below the text", () => {
  expect(wrapHelp(HELP, 50).split("\n")).toEqual([
    "Usage: npm run thing -- PART [--flag]",
    "",
    "Does one thing after the other.",
    "  --flag VALUE   takes a value that needs more",
    "                 words than there are columns",
    "  npm run thing  short",
  ]);
});

it("stays as it is where it fits, where no width is known, and where a word is too long", () => {
  expect(wrapHelp(HELP, 200)).toBe(HELP);
  expect(wrapHelp(HELP, undefined)).toBe(HELP);
  expect(wrapHelp("x".repeat(60), 50)).toBe("x".repeat(60));
});
