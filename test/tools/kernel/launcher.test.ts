// The kernelspec's launcher: from anywhere, several at once, and with a clear word when it cannot.

import { once } from "node:events";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  newConnection,
  readConnectionFile,
  writeConnectionFile,
} from "../../../src/tools/kernel/connection";
import { spawnKernel } from "./raw-client";
import { KERNEL_TEST_TIMEOUT_MS, REPOSITORY, until } from "./support";

/** What a copy of the repository needs to run a kernel; the packages are linked. */
const COPIED = [".jupyter", "src/tools/build", "src/tools/kernel", "package.json", "tsconfig.json"];
const PACKAGES = ["esbuild", "tslab", "@tslab", "zeromq"];

let root: string;
let resources: string;

beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), "socket-lab-test-"));
  resources = path.join(root, ".jupyter", "kernels", "socket-lab");
  for (const name of COPIED)
    cpSync(path.join(REPOSITORY, name), path.join(root, name), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function linkPackages(names = PACKAGES): void {
  mkdirSync(path.join(root, "node_modules"), { recursive: true });
  for (const name of names) {
    symlinkSync(path.join(REPOSITORY, "node_modules", name), path.join(root, "node_modules", name));
  }
}

async function starts(
  from = resources,
): Promise<{ ready: boolean; stderr: string; code: number | null }> {
  const folder = mkdtempSync(path.join(root, "connection-"));
  const file = path.join(folder, "connection.json");
  writeConnectionFile(file, newConnection("socket-lab"));
  const child = spawnKernel(file, from, {
    cwd: os.tmpdir(),
    env: { ...process.env, TMPDIR: root },
  });
  let stderr = "";
  child.stderr?.on("data", (text: Buffer) => {
    stderr += text;
  });
  const closed = once(child, "close");
  await until(
    "the kernel listens or has ended",
    () => child.exitCode !== null || readConnectionFile(file).hb_port !== 0,
    30_000,
  );
  const ready = child.exitCode === null;
  if (ready) child.kill("SIGKILL");
  const [code] = await closed;
  return { ready, stderr, code };
}

const cache = () => path.join(root, "node_modules", ".cache", "socket-lab");

describe("the launcher", { timeout: KERNEL_TEST_TIMEOUT_MS }, () => {
  test("says what to do when nothing is installed", async () => {
    expect(await starts()).toEqual({
      ready: false,
      code: 1,
      stderr: `esbuild is not installed: run "npm ci" in ${root}\n`,
    });
  });

  test("refuses another version of tslab", async () => {
    linkPackages(["esbuild", "zeromq"]);
    mkdirSync(path.join(root, "node_modules", "tslab"));
    writeFileSync(
      path.join(root, "node_modules/tslab/package.json"),
      '{ "name": "tslab", "version": "1.0.23" }',
    );
    const { code, stderr } = await starts();
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^tslab 1\.0\.23 is installed, .* tslab 1\.0\.22: run "npm ci" in .*\n$/,
    );
  });

  test("builds itself once, also when several kernels start at the same moment", async () => {
    linkPackages();
    const all = await Promise.all([starts(), starts(), starts()]);
    expect(all.map(({ ready }) => ready)).toEqual([true, true, true]);
    expect(readdirSync(cache()).filter((name) => name.startsWith("kernel-"))).toHaveLength(1);
    expect(readdirSync(cache()).filter((name) => name.startsWith("draft-"))).toEqual([]);
  });

  test("builds itself again when its source has changed", async () => {
    linkPackages();
    await starts();
    const [first] = readdirSync(cache());
    const edited = path.join(root, "src/tools/kernel/new.ts");
    writeFileSync(edited, "export {};\n");
    expect((await starts()).ready).toBe(true);
    expect(readdirSync(cache())).toHaveLength(2);
    // Builds that nothing uses any more go when another is made.
    utimesSync(path.join(cache(), first as string), 0, 0);
    writeFileSync(edited, "export const edited = true;\n");
    expect((await starts()).ready).toBe(true);
    expect(readdirSync(cache())).toHaveLength(2);
    expect(readdirSync(cache())).not.toContain(first);
  });

  test("works where nothing can be written beside the packages", async () => {
    linkPackages();
    writeFileSync(path.join(root, "node_modules", ".cache"), "not a folder");
    expect((await starts()).ready).toBe(true);
  });

  test("finds the repository through a symbolic link to the kernelspec", async () => {
    linkPackages();
    const link = path.join(root, "linked");
    symlinkSync(resources, link);
    expect((await starts(link)).ready).toBe(true);
    expect(existsSync(cache())).toBe(true);
  });

  test("tells how it is started when it is started by hand", async () => {
    linkPackages();
    const child = spawnKernel("", resources);
    let stderr = "";
    child.stderr?.on("data", (text: Buffer) => {
      stderr += text;
    });
    expect(await once(child, "close")).toEqual([1, null]);
    expect(stderr).toMatch(/^usage: kernel\.mjs CONNECTION_FILE/);
  });

  test("names a connection file that it cannot read", async () => {
    linkPackages();
    const child = spawnKernel("/nowhere/connection.json", resources);
    let stderr = "";
    child.stderr?.on("data", (text: Buffer) => {
      stderr += text;
    });
    expect(await once(child, "close")).toEqual([1, null]);
    expect(stderr).toMatch(/^cannot read the connection file \/nowhere\/connection\.json: .*\n$/);
  });
});
