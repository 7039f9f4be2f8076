/** config_server is killed, starved of disk space, locked out: what it promised stays, and it says what is wrong. */
import { chmod, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { main } from "../../dist/config_server";
import { Killings } from "../../scripts/soak/killings";
import { type Child, startChild } from "../support/child";
import { runHere, serveHere } from "../support/here";
import { spawnProgram } from "../support/program";
import { requireTool } from "../support/tools";
import { asking, startProcess, tempFolder } from "./config-support";

const PROGRAM = path.resolve(import.meta.dirname, "../../dist/config_server.mjs");
/** The whole of it is `npm run soak -- config`: a thousand. */
const KILLS = 8;
const SEED = 20;

const argsFor = (store: string) => ["--port=0", "--store", store];

/** The server in this process: for what goes before and after a kill, and for what needs none. */
async function serveStore(store: string) {
  const { here, port } = await serveHere(main, argsFor(store));
  return { here, ...asking(port) };
}

/** A server that was started in another way than by its name. */
async function serverOf(child: Child) {
  const [, port] = await child.line(/listening on http:\/\/[\d.]+:(\d+)$/);
  return asking(Number(port));
}

describe("kill -9", () => {
  test("at random moments, while clients write, loses nothing acknowledged and tears nothing", async () => {
    const sum = await new Killings(PROGRAM, SEED).run(KILLS, () => undefined);
    expect(sum.acknowledged).toBeGreaterThan(KILLS);
    expect(sum.recoveries).toBeGreaterThan(0);
  }, 120_000);

  test("is followed by a start that tells what it found, and needs nothing", async () => {
    const store = path.join(await tempFolder(), "store");
    const first = await startProcess(store);
    expect(first.program.firstLine).toMatch(/^Configuration Server listening on http:\/\/127/);
    await first.program.child.line(/^Store: 0 configurations, 0 versions$/);
    await first.send("PUT", "/configs/r1", "one");
    first.program.child.kill("SIGKILL");
    await first.program.child.end();
    await writeFile(path.join(store, "drafts", "0123456789abcdef.draft"), "half a conf");
    await writeFile(path.join(store, "packs", "notes.txt"), "mine");

    const second = await serveStore(store);
    const { here } = second;
    await here.line(/^Store: 1 configuration, 1 version$/);
    await here.line(/^Recovered: the last run .* 1 unfinished write removed$/);
    await here.line(/^Left alone, not a file of the store: packs\/notes\.txt$/);
    expect((await second.send("GET", "/configs/r1")).text).toBe("one");
    expect(await readdir(path.join(store, "drafts"))).toEqual([]);
    await here.stop();
    expect(await here.end()).toMatchObject({ status: 0, stderr: "" });

    const third = await serveStore(store);
    await third.here.line(/^Left alone/);
    expect(third.here.stdout).not.toContain("Recovered");
  });
});

describe("a second server on the same store", () => {
  test("is refused, and gets it when the first is killed", async () => {
    const store = path.join(await tempFolder(), "store");
    const first = await startProcess(store);
    const { status, stderr, stdout } = await runHere(main, argsFor(store)).end();
    expect(stderr).toBe(`config_server: another process works on the store ${store}\n`);
    expect([status, stdout]).toEqual([1, ""]);
    first.program.child.kill("SIGKILL");
    await first.program.child.end();
    expect((await serveStore(store)).port).toBeGreaterThan(0);
  });

  test("of three that start at once one serves", async () => {
    const store = path.join(await tempFolder(), "store");
    const children = Array.from({ length: 3 }, () => spawnProgram("config_server", argsFor(store)));
    const ends = await Promise.all(
      children.map((child) => Promise.race([child.line(/listening/), child.end()])),
    );
    expect(ends.filter((end) => "status" in end && end.status === 1)).toHaveLength(2);
  });
});

describe("a full disk", () => {
  test("is 507 for what does not fit; all else goes on", async () => {
    const store = path.join(await tempFolder(), "store");
    // Files of this process end at 64 blocks (32 or 64 KiB): the same refusal for every user and system.
    const script = 'ulimit -f 64; exec "$0" "$@"';
    const args = ["-c", script, process.execPath, PROGRAM, "--port=0", "--store", store];
    const server = await serverOf(startChild("sh", args));
    expect((await server.send("PUT", "/configs/r1", "fits")).status).toBe(201);
    const full = await server.send("PUT", "/configs/r1", "x".repeat(200_000));
    expect([full.status, full.fields["content-type"]]).toEqual([507, "application/problem+json"]);
    expect(full.json).toMatchObject({ title: "Insufficient Storage", status: 507 });
    expect(full.json.detail).toMatch(/receive the content: the file is larger than/);
    expect((await server.send("GET", "/configs/r1")).text).toBe("fits");
    expect((await server.send("PUT", "/configs/r2", "fits too")).status).toBe(201);
    expect(await readdir(path.join(store, "drafts"))).toEqual([]);
  });

  test("that is really full is 507 too, and what is there stays readable", async (ctx) => {
    const mount = await tempFolder();
    // A file system of half a mebibyte, which this process alone sees.
    const script =
      'mount -t tmpfs -o size=512k none "$1" && exec "$2" "$3" --port=0 --store "$1/store"';
    await requireTool(ctx, "unshare", "sudo apt-get install util-linux");
    const probe = startChild("unshare", ["-rm", "mount", "-t", "tmpfs", "none", mount]);
    if ((await probe.end()).status !== 0)
      ctx.skip("this system lets this user not mount a file system");
    const args = ["-rm", "sh", "-c", script, "sh", mount, process.execPath, PROGRAM];
    const server = await serverOf(startChild("unshare", args));
    expect((await server.send("PUT", "/configs/r1", "first")).status).toBe(201);
    let status = 0;
    for (let i = 0; i < 20 && status !== 507; i++) {
      const reply = await server.send("PUT", "/configs/r1", `${i}`.padEnd(60_000, "x"));
      status = reply.status;
      if (status === 507) expect(reply.json.detail).toMatch(/the disk is full$/);
      else expect(status).toBe(204);
    }
    expect(status).toBe(507);
    expect((await server.send("GET", "/configs/r1/versions/1")).text).toBe("first");
    expect((await server.send("GET", "/configs")).json.configs).toHaveLength(1);
  });
});

describe("a folder that may not be written to", () => {
  test("is 503 for changes; everything can be read", async (ctx) => {
    const store = path.join(await tempFolder(), "store");
    const before = await serveStore(store);
    await before.send("PUT", "/configs/r1", "one");
    await before.here.stop();
    const args = argsFor(store);
    let child: Child;
    if (process.getuid?.() === 0) {
      // Root may write everywhere, unless the file system is read-only: for this process alone.
      const script = 'mount --bind -o ro "$1" "$1" && mount -o remount,ro,bind "$1"';
      await requireTool(ctx, "unshare", "sudo apt-get install util-linux");
      const probe = startChild("unshare", ["-m", "sh", "-c", script, "sh", store]);
      if ((await probe.end()).status !== 0)
        ctx.skip("this system lets this user not mount a file system");
      const run = `${script} && shift && exec "$@"`;
      child = startChild("unshare", [
        "-m",
        "sh",
        "-c",
        run,
        "sh",
        store,
        process.execPath,
        PROGRAM,
        ...args,
      ]);
    } else {
      for (const name of ["", "packs", "drafts"]) {
        await chmod(path.join(store, name), 0o500);
      }
      child = spawnProgram("config_server", args);
    }
    const server = await serverOf(child);
    await child.line(/^The store cannot be written to/);
    const refused = await server.send("PUT", "/configs/r1", "two");
    expect(refused.status).toBe(503);
    expect(refused.json.detail).toMatch(/read-only|may not be written/);
    expect((await server.send("GET", "/configs/r1")).text).toBe("one");
    await child.stop();
    for (const name of ["", "packs", "drafts"]) {
      await chmod(path.join(store, name), 0o700);
    }
  });
});

test("a damaged file is 500 with the reason for that version alone; a rollback mends the device", async () => {
  const store = path.join(await tempFolder(), "store");
  const first = await serveStore(store);
  for (const text of ["one\n", "two\n"]) await first.send("PUT", "/configs/r1", text);
  await first.send("PUT", "/configs/r2", "other\n");
  await first.here.stop();
  const packs = path.join(store, "packs");
  const [, second = ""] = (await readdir(packs)).sort();
  const text = await readFile(path.join(packs, second), "utf8");
  await writeFile(path.join(packs, second), text.replace("\ntwo\n", "\ntw0\n"));

  const server = await serveStore(store);
  const damaged = await server.send("GET", "/configs/r1");
  expect(damaged.status).toBe(500);
  expect(damaged.json.detail).toBe("version 2 of r1 is damaged: its file is not what was written");
  expect((await server.send("GET", "/configs/r1/diff")).status).toBe(500);
  expect((await server.send("GET", "/configs/r1/versions/1")).text).toBe("one\n");
  expect((await server.send("GET", "/configs/r2")).text).toBe("other\n");
  expect((await server.send("GET", "/configs")).json.configs).toHaveLength(2);
  const found = await server.send("GET", "/configs?contains=other");
  expect(found.json.configs).toMatchObject([{ name: "r2" }]);
  const type = { "Content-Type": "application/json" };
  expect((await server.send("POST", "/configs/r1/rollback", "{}", type)).status).toBe(200);
  expect((await server.send("GET", "/configs/r1")).text).toBe("one\n");
});

describe("started on what is no store, it says so in a line and changes nothing:", () => {
  test("a folder of other things", async () => {
    const folder = await tempFolder();
    await mkdir(path.join(folder, "letters"));
    const { status, stderr } = await runHere(main, argsFor(folder)).end();
    expect(stderr).toMatch(/^config_server: the folder \S+ is not empty, and not a store: .*\n$/);
    expect(status).toBe(1);
    expect(await readdir(folder)).toEqual(["letters"]);
  });

  test("a file", async () => {
    const file = path.join(await tempFolder(), "file");
    await writeFile(file, "x");
    const { status, stderr } = await runHere(main, argsFor(file)).end();
    expect(stderr).toMatch(/^config_server: open the store .*\n$/);
    expect(status).toBe(1);
    expect(await readFile(file, "utf8")).toBe("x");
    await rm(file);
  });

  test("no folder at all is bad usage", async () => {
    const { status, stderr } = await runHere(main, ["--port=0"]).end();
    expect(stderr).toMatch(/^config_server: --store FOLDER is missing\nTry: /);
    expect(status).toBe(2);
  });
});
