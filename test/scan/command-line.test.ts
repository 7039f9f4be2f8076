/** The options of port_scanner: what --help says of them, and which values they take. */
import { expect, test } from "vitest";
import { helpText } from "../../src/program/help";
import { parseCommandLine } from "../../src/program/options";
import { OPTIONS, TARGET } from "../../src/scan/command-line";

const parsed = (...argv: string[]) => parseCommandLine(argv, {}, OPTIONS, [TARGET]).options;

test("the help is as it is stored", async () => {
  const subject = { command: "port_scanner", about: "Scans.", example: "localhost" };
  const help = helpText({ ...subject, options: OPTIONS, positionals: [TARGET] });
  await expect(`${help}\n`).toMatchFileSnapshot("drawings/help.txt");
});

test("without options the common ports are probed, for a second each", () => {
  expect(parsed()).toEqual({
    ports: "common",
    timeout: 1_000,
    concurrency: undefined,
    rate: undefined,
    "no-banners": false,
    json: false,
    csv: false,
    "expect-open": false,
    "i-have-permission": false,
  });
});

test("-p is short for --ports", () => {
  expect(parsed("-p", "22").ports).toBe("22");
});

test.each([
  ["timeout", 1, 60_000],
  ["concurrency", 1, 20_000],
  ["rate", 1, 1_000_000],
] as const)("--%s takes %i to %i", (name, least, most) => {
  expect(parsed(`--${name}`, String(least))[name]).toBe(least);
  expect(parsed(`--${name}`, String(most))[name]).toBe(most);
  expect(() => parsed(`--${name}`, String(least - 1))).toThrow(`--${name}`);
  expect(() => parsed(`--${name}`, String(most + 1))).toThrow(`--${name}`);
});
