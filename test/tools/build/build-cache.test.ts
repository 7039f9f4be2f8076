/** Builds that are made once, and kept. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { buildOnce } from "../../../src/tools/build/build-cache.mjs";

describe("a kept build", () => {
  let cache: string;
  let directory: string;
  let made: number;
  beforeEach(() => {
    cache = mkdtempSync(path.join(tmpdir(), "socket-lab-build-cache-"));
    directory = path.join(cache, "kernel-1");
    made = 0;
  });
  afterEach(() => rmSync(cache, { recursive: true, force: true }));

  const make = async (draft: string): Promise<void> => {
    made += 1;
    writeFileSync(path.join(draft, "program.mjs"), "built");
  };
  const program = () => readFileSync(path.join(directory, "program.mjs"), "utf8");

  it("is made once", async () => {
    await buildOnce(directory, make);
    await buildOnce(directory, make);
    expect({ made, program: program() }).toEqual({ made: 1, program: "built" });
  });

  it("is made again when only a part of it is left", async () => {
    mkdirSync(path.join(directory, "modules"), { recursive: true });
    await buildOnce(directory, make);
    expect({ made, program: program() }).toEqual({ made: 1, program: "built" });
  });

  it("is whole when several make it at the same moment, and leaves no draft", async () => {
    await Promise.all([1, 2, 3].map(() => buildOnce(directory, make)));
    expect(program()).toBe("built");
    expect(readdirSync(cache)).toEqual(["kernel-1"]);
  });

  it("is the caller's own where nothing can be kept", async () => {
    writeFileSync(path.join(cache, "file"), "");
    const build = await buildOnce(path.join(cache, "file", "kernel-1"), make);
    expect(build.temporary).toBe(true);
    expect(readdirSync(build.directory)).toEqual(["program.mjs"]);
    rmSync(build.directory, { recursive: true });
  });

  it("is not there when it could not be made", async () => {
    const broken = async () => {
      throw new Error("does not compile");
    };
    await expect(buildOnce(directory, broken)).rejects.toThrow("does not compile");
    expect(existsSync(directory)).toBe(false);
  });
});
