import { describe, expect, test } from "vitest";
import { nameProblem } from "../../src/store/device-name";

describe("a device", () => {
  test.each(["core-1", "r1", "a", "edge.ams-01_b", "CORE", "0", "10.0.0.1", "x".repeat(64)])(
    "can be called %s",
    (name) => expect(nameProblem(name)).toBeUndefined(),
  );

  test.each([
    "",
    ".",
    "..",
    "...",
    "-rf",
    ".hidden",
    "ends.",
    "a b",
    "a/b",
    "../etc/passwd",
    "a\\b",
    "C:",
    "a:b",
    "a\0",
    "a\n",
    "naïve",
    "．．",
    "․․",
    "a%2fb",
    "*",
    "~",
    "x".repeat(65),
    "con",
    "NUL",
    "aux.cfg",
    "Com1",
    "lpt9.txt",
  ])("cannot be called %j", (name) => expect(nameProblem(name)).toMatch(/name/));
});
