import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { findProgram, pathFolders } from "../../src/lab/find-program";

async function folder(): Promise<string> {
  const made = await mkdtemp(path.join(tmpdir(), "socket-lab-programs-"));
  onTestFinished(() => rm(made, { recursive: true, force: true }));
  return made;
}

test.skipIf(process.platform === "win32")(
  "finds the first file that may be run, under the first of its names",
  async () => {
    const [first, second] = [await folder(), await folder()];
    await writeFile(path.join(first, "tool"), "no program");
    for (const name of ["tool", "other"]) {
      await writeFile(path.join(second, name), "#!/bin/sh\n");
      await chmod(path.join(second, name), 0o755);
    }
    expect(findProgram(["tool"], [first, second])).toBe(path.join(second, "tool"));
    expect(findProgram(["absent", "other", "tool"], [second])).toBe(path.join(second, "other"));
    expect(findProgram(["absent"], [first, second])).toBeUndefined();
  },
);

test("looks on the PATH by default, where Node is", () => {
  expect(findProgram(["node"])).toBeDefined();
  expect(pathFolders(["a", "", "b"].join(path.delimiter))).toEqual(["a", "b"]);
});
