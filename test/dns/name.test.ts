import { expect, test } from "vitest";
import { reverseName } from "../../src/dns/address";
import { isWithin, labelsOf, parentOf, parseName, sameName, wireLength } from "../../src/dns/name";
import { codeOf } from "./support";

test.each([
  ["core-1.lab.example", "core-1.lab.example."],
  ["core-1.lab.example.", "core-1.lab.example."],
  [".", "."],
  [String.raw`a\.b.example`, String.raw`a\.b.example.`],
  [String.raw`a\046b.example`, String.raw`a\.b.example.`],
  [String.raw`\c\o\r\e.example`, "core.example."],
  [String.raw`a\032b\255.example`, String.raw`a\032b\255.example.`],
  [String.raw`a\\.example`, String.raw`a\\.example.`],
])("the name %j is %j", (text, name) => {
  expect(parseName(text)).toBe(name);
});

test("a relative name belongs to its origin, and @ is the origin", () => {
  expect(parseName("core-1", "lab.example.")).toBe("core-1.lab.example.");
  expect(parseName("core-1.", "lab.example.")).toBe("core-1.");
  expect(parseName("@", "lab.example.")).toBe("lab.example.");
});

test.each([
  ["", "EMPTY_LABEL"],
  ["a..b", "EMPTY_LABEL"],
  [".a", "EMPTY_LABEL"],
  ["..", "EMPTY_LABEL"],
  ["x".repeat(64), "LONG_LABEL"],
  [`${"x".repeat(63)}.`.repeat(4), "LONG_NAME"],
  [String.raw`a\256`, "BAD_ESCAPE"],
  [String.raw`a\12`, "BAD_ESCAPE"],
  ["a\\", "BAD_ESCAPE"],
  ["a b", "BAD_CHARACTER"],
  ["ä", "BAD_CHARACTER"],
])("the name %j is refused with %s", (text, code) => {
  expect(codeOf(() => parseName(text))).toBe(code);
});

test("the longest name has 255 bytes, and labels of 63", () => {
  const longest = [63, 63, 63, 61].map((length) => `${"x".repeat(length)}.`).join("");
  expect(wireLength(parseName(longest))).toBe(255);
  expect(codeOf(() => parseName(`${longest.slice(0, -1)}x.`))).toBe("LONG_NAME");
});

test("a dot within a label does not part it", () => {
  expect(labelsOf(String.raw`a\.b.example.`)).toEqual([String.raw`a\.b`, "example"]);
  expect(isWithin(String.raw`a\.lab.example.`, "lab.example.")).toBe(false);
  expect(isWithin(String.raw`a\\.lab.example.`, "lab.example.")).toBe(true);
});

test("names are compared without regard to ASCII case, and whole labels are", () => {
  expect(sameName("Core-1.LAB.example.", "core-1.lab.EXAMPLE.")).toBe(true);
  expect(isWithin("core-1.LAB.example.", "lab.example.")).toBe(true);
  expect(isWithin("lab.example.", "lab.example.")).toBe(true);
  expect(isWithin("mylab.example.", "lab.example.")).toBe(false);
  expect(isWithin("example.", "lab.example.")).toBe(false);
  expect(isWithin("anything.", ".")).toBe(true);
});

test("parents lead to the root and end there", () => {
  expect(parentOf("core-1.lab.")).toBe("lab.");
  expect(parentOf("lab.")).toBe(".");
  expect(parentOf(".")).toBeUndefined();
});

test("an address has a name for the question who has it", () => {
  expect(reverseName("192.0.2.1")).toBe("1.2.0.192.in-addr.arpa.");
  expect(reverseName("2001:db8::11")).toBe(`1.1.${"0.".repeat(22)}8.b.d.0.1.0.0.2.ip6.arpa.`);
  expect(reverseName("::ffff:192.0.2.1")).toMatch(/^1\.0\.2\.0\.0\.0\.0\.c\.f\.f\.f\.f\.0\./);
  for (const text of ["core-1", "192.0.2", "fe80::1%eth0", ""])
    expect(reverseName(text)).toBeUndefined();
});
