/** What a person can mend comes as one line, also where it was not foreseen. */
import { expect, it } from "vitest";
import { runCommand } from "../../../src/tools/notebook/command";
import { heard } from "./in-process";

const SHAPE = { help: "Usage: npm run thing", positionals: "none" } as const;

async function failingWith(error: Error): Promise<{ stderr: string; status: number }> {
  return heard(async () => {
    const fail = async (): Promise<number> => {
      throw error;
    };
    try {
      await runCommand(SHAPE, fail, []);
      return Number(process.exitCode);
    } finally {
      process.exitCode = undefined;
    }
  });
}

it.each([
  ["EROFS", "open", "EROFS: read-only file system, open 'dist/x.ts'. Work in a copy"],
  ["EACCES", "open", "EACCES: permission denied, open 'dist/x.ts'. Make it writable"],
  ["ENOENT", "mkdir", "dist cannot be made (ENOENT). Can this folder be written?"],
])("a folder that cannot be written (%s in %s) gives one line", async (code, syscall, line) => {
  const error = Object.assign(new Error(line.split(". ")[0]), {
    code,
    errno: -1,
    syscall,
    path: "dist",
  });
  const { stderr, status } = await failingWith(error);
  expect(stderr.trimEnd().split("\n")).toEqual([expect.stringContaining(line)]);
  expect(status).toBe(1);
});
