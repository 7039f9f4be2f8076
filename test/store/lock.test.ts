/** One process at a time on a store: also where processes share the folder and no network namespace. */
import { spawnSync } from "node:child_process";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import path from "node:path";
import { describe, expect, onTestFinished, type TestContext, test } from "vitest";
import { StoreError } from "../../src/store/config-store";
import { lockInFolder } from "../../src/store/socket-lock";
import { type Child, startChild } from "../support/child";
import { codeOf, open, storeFolder } from "./support";

const PROGRAM = path.resolve(import.meta.dirname, "../../dist/config_server.mjs");

/** Another network namespace, where abstract sockets have names of their own; the loopback is up in it. */
const ELSEWHERE = ["--net", "sh", "-c", 'ip link set lo up 2>/dev/null; exec "$@"', "sh"];

function requireNamespaces(ctx: TestContext, ...flags: readonly string[]): void {
  const { status } = spawnSync("unshare", [...flags, "true"]);
  if (status !== 0 && process.env.CI) throw new Error(`unshare ${flags.join(" ")} fails here`);
  if (status !== 0) ctx.skip("this system gives this user no namespaces of their own");
}

/** config_server in a network namespace of its own. */
function serveElsewhere(store: string): Child {
  const args = [process.execPath, PROGRAM, "--port=0", "--store", store];
  return startChild("unshare", [...ELSEWHERE, ...args]);
}

describe("two servers in two network namespaces", () => {
  test("do not share a store: the second is refused while the first lives, and has it after kill -9", async (ctx) => {
    requireNamespaces(ctx, "--net");
    const folder = await storeFolder();
    const first = serveElsewhere(folder);
    await first.line(/listening/);
    expect(await codeOf(open(folder))).toBe("IN_USE");
    const second = serveElsewhere(folder);
    expect(await second.end()).toMatchObject({
      status: 1,
      stderr: `config_server: another process works on the store ${folder}\n`,
    });
    first.kill("SIGKILL");
    await first.end();
    const store = await open(folder);
    await store.put("r1", Buffer.from("one"));
    expect(await readdir(path.join(folder, "locks"))).toHaveLength(1);
  });

  test("that start at once are never both in, and one is after a while", async (ctx) => {
    requireNamespaces(ctx, "--net");
    const folder = await storeFolder();
    await (await open(folder)).close();
    const children = Array.from({ length: 4 }, () => serveElsewhere(folder));
    const ends = await Promise.all(
      children.map((child) => Promise.race([child.line(/listening/), child.end()])),
    );
    expect(ends.filter((end) => "status" in end && end.status === 1).length).toBeGreaterThanOrEqual(
      3,
    );
  });
});

describe("the lock in the folder", () => {
  test("is for one of many that ask at once, and free when that one releases it", async () => {
    const folder = await storeFolder();
    await mkdir(folder);
    const asked = await Promise.allSettled(Array.from({ length: 6 }, () => lockInFolder(folder)));
    const held = asked.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    expect(held.length).toBeLessThanOrEqual(1);
    for (const one of asked) {
      if (one.status === "rejected") expect(one.reason).toBeInstanceOf(StoreError);
    }
    for (const lock of held) await lock.release();
    const next = await lockInFolder(folder);
    await expect(lockInFolder(folder)).rejects.toThrow("another process works on the store");
    await next.release();
    expect(await readdir(path.join(folder, "locks"))).toEqual([]);
  });

  test("of a process that is gone is removed; files of another form stay", async () => {
    const folder = await storeFolder();
    const locks = path.join(folder, "locks");
    await mkdir(locks, { recursive: true });
    await writeFile(path.join(locks, "01234567-0123456789abcdef"), "");
    await writeFile(path.join(locks, "notes.txt"), "mine");
    const lock = await lockInFolder(folder);
    const names = await readdir(locks);
    expect(names).toHaveLength(2);
    expect(names).toContain("notes.txt");
    await lock.release();
  });

  test("of another user's process counts as a living one", async (ctx) => {
    if (process.getuid?.() !== 0) ctx.skip("needs a second user: run as root");
    const folder = await storeFolder();
    await mkdir(folder);
    const other = createServer().listen(path.join(folder, "theirs"));
    onTestFinished(() => void other.close());
    const lock = await lockInFolder(folder);
    onTestFinished(() => lock.release());
    spawnSync("chmod", ["-R", "a+rwX", path.dirname(folder)]);
    spawnSync("sh", ["-c", `chmod 600 ${folder}/locks/*`]);
    const script = `import("tsx/esm/api").then(async () => {
      process.setuid(65534);
      const { lockInFolder } = await import(${JSON.stringify(path.resolve(import.meta.dirname, "../../src/store/socket-lock.ts"))});
      await lockInFolder(${JSON.stringify(folder)}).then(() => console.log("locked"), (error) => console.log(error.code));
    })`;
    const { stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", "-e", script], {
      encoding: "utf8",
      cwd: path.resolve(import.meta.dirname, "../.."),
    });
    expect(stdout, stderr).toBe("IN_USE\n");
  });

  test("fits an address of a socket, however long the path is", async () => {
    const folder = path.join(await storeFolder(), "x".repeat(100), "y".repeat(100));
    await mkdir(folder, { recursive: true });
    const lock = await lockInFolder(folder);
    await expect(lockInFolder(folder)).rejects.toThrow("another process");
    await lock.release();
  });
});

test("a store is locked by whatever path it is reached: also through a bind mount", async (ctx) => {
  requireNamespaces(ctx, "--mount", "--net");
  const folder = await storeFolder();
  const store = await open(folder);
  await store.put("r1", Buffer.from("one"));
  const other = path.join(path.dirname(folder), "other");
  await mkdir(other);
  const child = startChild("unshare", [
    "--mount",
    "--net",
    "sh",
    "-c",
    'mount --bind "$1" "$2"; to="$2"; shift 2; exec "$@" "$to"',
    "sh",
    folder,
    other,
    process.execPath,
    PROGRAM,
    "--port=0",
    "--store",
  ]);
  expect(await child.end()).toMatchObject({
    status: 1,
    stderr: `config_server: another process works on the store ${other}\n`,
  });
});

describe("a pack that another process has published", () => {
  test("is never replaced: the change fails, and so does every later one", async () => {
    const folder = await storeFolder();
    const store = await open(folder);
    await store.put("r1", Buffer.from("one"));
    const theirs = path.join(folder, "packs", "00000002.pack");
    await writeFile(theirs, "theirs");
    expect(await codeOf(store.put("r1", Buffer.from("two")))).toBe("IN_USE");
    // Even if the other is gone meanwhile: what it did to the store is not known.
    await rm(theirs);
    expect(await codeOf(store.put("r2", Buffer.from("three")))).toBe("IN_USE");
    expect(await readdir(path.join(folder, "packs"))).toEqual(["00000001.pack"]);
    expect(await readdir(path.join(folder, "drafts"))).toEqual([]);
    const [version] = store.versions("r1");
    expect(version && String(await store.read("r1", version))).toBe("one");
  });
});
