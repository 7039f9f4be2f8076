/** config_client as scripts and people use it: its output, its exit codes, what reaches a terminal. */
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, test, vi } from "vitest";
import { main } from "../../dist/config_client";
import { startChild } from "../support/child";
import { type Here, runHere } from "../support/here";
import { spawnProgram } from "../support/program";
import { requireTool } from "../support/tools";
import { startHere, type TestServer, tempFolder } from "./config-support";

const CLIENT = path.resolve(import.meta.dirname, "../../dist/config_client.mjs");
const ENV = { TOKEN: undefined };
const LOOK_AGAIN_MS = 20;

/** The client as a process, for what only that can show. */
const client = (server: { port: number }, ...args: string[]) =>
  spawnProgram("config_client", ["--port", `${server.port}`, ...args], ENV);

const here = (server: { port: number }, ...args: string[]): Here =>
  runHere(main, ["--port", `${server.port}`, ...args]);

const run = (server: { port: number }, ...args: string[]) => here(server, ...args).end();

async function seeded(): Promise<TestServer> {
  const server = await startHere();
  await server.send("PUT", "/configs/core-1", "hostname core-1\nmtu 1500\n");
  await server.send("PUT", "/configs/core-1", "hostname core-1\nmtu 9000\n");
  await server.send("PUT", "/configs/edge-1", "hostname edge-1\n");
  return server;
}

describe("list", () => {
  test("has a line for each configuration: name, version, size, time, entity tag", async () => {
    const { stdout, status } = await client(await seeded(), "list").end();
    const lines = stdout.trimEnd().split("\n");
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^core-1 {2}2 {2}25 {2}\d{4}-\S+Z {2}"2-[0-9a-f]{12}"$/);
    expect(status).toBe(0);
  });

  test("turns every page", async () => {
    const server = await startHere();
    await Promise.all(
      Array.from({ length: 150 }, (_, i) => server.send("PUT", `/configs/r${i}`, `${i}`)),
    );
    const { stdout } = await run(server, "list");
    expect(stdout.trimEnd().split("\n")).toHaveLength(150);
  });

  test("with --contains has the lines that contain it", async () => {
    const { stdout } = await run(await seeded(), "list", "--contains", "mtu");
    expect(stdout).toBe("core-1  mtu 9000\n");
  });
});

describe("get", () => {
  test("writes the very bytes, of the current version or of an earlier one", async () => {
    const server = await seeded();
    const bytes = Buffer.from([0, 255, 27, 91, 50, 74, 13, 10]);
    await server.send("PUT", "/configs/core-1", bytes);
    const file = path.join(await tempFolder(), "out");
    expect((await run(server, "get", "core-1", "-o", file)).status).toBe(0);
    expect((await readFile(file)).equals(bytes)).toBe(true);
    expect((await run(server, "get", "core-1", "1")).stdout).toBe("hostname core-1\nmtu 1500\n");
    const piped = startChild("sh", [
      "-c",
      '"$0" "$1" --port "$2" get core-1 > "$3"',
      process.execPath,
      CLIENT,
      `${server.port}`,
      `${file}2`,
    ]);
    expect((await piped.end()).status).toBe(0);
    expect((await readFile(`${file}2`)).equals(bytes)).toBe(true);
  });
});

describe("put", () => {
  test("takes a file, or standard input, and says what became of it", async () => {
    const server = await startHere();
    const file = path.join(await tempFolder(), "r1.cfg");
    await writeFile(file, "from a file\n");
    expect((await run(server, "put", "r1", file)).stdout).toMatch(/^r1: created, "1-\w+"\n$/);
    for (const args of [
      ["put", "r1"],
      ["put", "r1", "-"],
    ]) {
      const child = client(server, ...args);
      child.write(`from ${args.length} words\n`, { end: true });
      expect((await child.end()).stdout).toMatch(/^r1: kept, "\d-\w+"\n$/);
    }
    expect((await server.send("GET", "/configs/r1")).text).toBe("from 3 words\n");
  });

  test("of a file that is not there is a failure in one line", async () => {
    const { status, stderr } = await run(await startHere(), "put", "r1", "/nonexistent/r1.cfg");
    expect(stderr).toMatch(/^config_client: ENOENT.*r1\.cfg'\n$/);
    expect(status).toBe(1);
  });
});

test("versions has them newest first, and tells of a deletion", async () => {
  const server = await seeded();
  expect((await run(server, "delete", "core-1")).stdout).toBe("core-1: deleted\n");
  const lines = (await run(server, "versions", "core-1")).stdout.trimEnd().split("\n");
  expect(lines.map((line) => line.split(/ {2,}/).slice(0, 2))).toEqual([
    ["3", "deleted"],
    ["2", "25"],
    ["1", "25"],
  ]);
});

test("diff is what the server says, byte for byte, when it goes to a file or a pipe", async () => {
  const server = await seeded();
  const { stdout } = await run(server, "diff", "core-1", "1", "2");
  expect(stdout).toBe(
    "--- core-1 version 1\n+++ core-1 version 2\n@@ -1,2 +1,2 @@\n hostname core-1\n-mtu 1500\n+mtu 9000\n",
  );
  expect((await run(server, "diff", "core-1")).stdout).toBe(stdout);
});

test("rollback makes an earlier version current", async () => {
  const server = await seeded();
  expect((await run(server, "rollback", "core-1")).stdout).toBe(
    "core-1: version 1 again, as version 3\n",
  );
  expect((await run(server, "rollback", "core-1", "2")).stdout).toMatch(
    /version 2 again, as version 4/,
  );
  expect((await server.send("GET", "/configs/core-1")).text).toContain("mtu 9000");
});

describe("watch", () => {
  /** Changes a device until the watcher has told of it: its first look, which tells nothing, is not seen. */
  async function changeUntil(told: Promise<unknown>, server: TestServer, device: string) {
    let over = false;
    const end = () => {
      over = true;
    };
    void told.then(end, end);
    for (let i = 0; !over; i += 1) {
      await server.send("PUT", `/configs/${device}`, `change ${i}\n`);
      await Promise.race([told, pause(LOOK_AGAIN_MS)]);
    }
  }

  test("tells of what is created, changed and deleted, as it comes", async () => {
    const server = await seeded();
    const watching = here(server, "watch", "--interval", "10");
    const line = (rest: string) => watching.line(new RegExp(`^\\d{4}-\\S+Z {2}${rest}$`));
    await changeUntil(line("core-1 {2}changed {2}version \\d+"), server, "core-1");
    await server.send("PUT", "/configs/new-1", "x");
    await line("new-1 {2}created {2}version 1");
    await server.send("DELETE", "/configs/edge-1");
    await line("edge-1 {2}deleted {2}version 1");
  });

  test("ends after --count changes", async () => {
    const server = await seeded();
    const watching = here(server, "watch", "--interval", "10", "--count", "1");
    await changeUntil(watching.end(), server, "core-1");
    const { stdout, status } = await watching.end();
    expect(stdout).toMatch(/^\S+ {2}core-1 {2}changed {2}version \d+\n$/);
    expect(status).toBe(0);
  });

  test("goes on until it is stopped, with exit code 0", async () => {
    const server = await seeded();
    const child = client(server, "watch", "edge-1", "--interval", "10");
    const told = child.line(/edge-1 {2}changed/);
    await Promise.all(["edge-1", "core-1"].map((name) => changeUntil(told, server, name)));
    child.kill("SIGINT");
    const { status, stdout } = await child.end();
    expect(status).toBe(0);
    expect(stdout).not.toContain("core-1");
  });
});

describe("the exit code is", () => {
  test("3 for what is not there", async () => {
    const server = await startHere();
    for (const args of [
      ["get", "r9"],
      ["versions", "r9"],
      ["diff", "r9"],
      ["delete", "r9"],
    ]) {
      const { status, stderr, stdout } = await run(server, ...args);
      expect(stderr).toMatch(/^config_client: 404 .*r9\n$/);
      expect([status, stdout]).toEqual([3, ""]);
    }
    expect((await client(server, "get", "r9").end()).status).toBe(3);
  });

  test("4 when another client was faster, or the change is in conflict", async () => {
    const server = await seeded();
    const file = path.join(await tempFolder(), "r");
    await writeFile(file, "x");
    for (const args of [
      ["put", "core-1", file, "--create"],
      ["put", "core-1", file, "--if-match", '"1-000000000000"'],
      ["delete", "core-1", "--if-match", '"x"'],
      ["rollback", "core-1", "--if-match", '"x"'],
      ["put", "Core-1", file],
      ["rollback", "edge-1"],
    ]) {
      const { status, stderr } = await run(server, ...args);
      expect(stderr).toMatch(/^config_client: (412|409) .*\n$/);
      expect(status).toBe(4);
    }
    expect((await client(server, "put", "Core-1", file).end()).status).toBe(4);
    const { etag = "" } = (await server.send("GET", "/configs/core-1")).fields;
    expect((await run(server, "put", "core-1", file, "--if-match", etag)).status).toBe(0);
  });

  test("5 without the right token; the environment has it, or --token", async () => {
    const server = await startHere({ token: "sesame" });
    expect(await client(server, "list").end()).toMatchObject({ status: 5, stdout: "" });
    expect(await run(server, "list", "--token", "open")).toMatchObject({ status: 5 });
    expect(await run(server, "list", "--token", "sesame")).toMatchObject({ status: 0 });
    const args = ["--port", `${server.port}`, "list"];
    const fromEnvironment = spawnProgram("config_client", args, { TOKEN: "sesame" });
    expect(await fromEnvironment.end()).toMatchObject({ status: 0, stderr: "" });
  });

  test("1 when no server is there, with what to do about it", async () => {
    const { status, stderr } = await client({ port: 1 }, "list").end();
    expect(stderr).toMatch(
      /^config_client: connect 127\.0\.0\.1:1: connection refused\. .*--port.*\n$/,
    );
    expect(status).toBe(1);
  });

  test.each([
    [["frobnicate"], /no command/],
    [[], /COMMAND is missing/],
    [["get"], /get takes 1 to 2 words, not 0/],
    [["get", "a", "1", "2"], /not 3/],
    [["get", "../../etc/passwd"], /a device name has letters/],
    [["rollback", "r1", "last"], /a version is a number/],
    [["list", "--color"], /--color/],
  ])("2 for %j", async (args, why) => {
    const { status, stderr } = await run({ port: 1 }, ...args);
    expect(stderr).toMatch(why);
    expect(stderr).toMatch(/Try: node config_client\.mjs --help\n$/);
    expect(status).toBe(2);
  });

  test("told by --help", async () => {
    const { stdout } = await run({ port: 1 }, "--help");
    const codes = stdout.slice(stdout.indexOf("Exit codes:")).match(/^ {2}\d/gm);
    expect(codes).toEqual(["  0", "  1", "  2", "  3", "  4", "  5"]);
  });
});

describe("on a terminal", () => {
  /** Runs the client with a terminal for output; `script` makes one. */
  async function onTerminal(server: TestServer, env: NodeJS.ProcessEnv, ...args: string[]) {
    const words = [process.execPath, CLIENT, "--port", `${server.port}`, ...args];
    const command = words.map((word) => `'${word}'`).join(" ");
    const child = startChild("script", ["-qec", command, "/dev/null"], {
      env: { HOST: undefined, PORT: undefined, TERM: "xterm", ...env, ...ENV },
    });
    return (await child.end()).stdout.replaceAll("\r\n", "\n");
  }
  const NEEDS = "sudo apt-get install bsdutils";
  const CONTROLS = ["\u001b", "\u0007", "\u009b"];
  const EVIL = "\u001b[2J\u001b]0;owned\u0007evil\u009b31m";

  /** The same in this process, which is told that it has a terminal. */
  async function asOnTerminal(server: TestServer, env: NodeJS.ProcessEnv, ...args: string[]) {
    const { stdout } = process;
    const before = stdout.isTTY;
    stdout.isTTY = true;
    for (const [name, value] of Object.entries({ TERM: "xterm", ...env })) vi.stubEnv(name, value);
    try {
      return (await run(server, ...args)).stdout;
    } finally {
      stdout.isTTY = before;
      vi.unstubAllEnvs();
    }
  }

  test("a diff is coloured, unless NO_COLOR is set", async (ctx) => {
    await requireTool(ctx, "script", NEEDS);
    const server = await seeded();
    const coloured = await onTerminal(server, { NO_COLOR: undefined }, "diff", "core-1");
    expect(coloured).toContain("\u001b[31m-mtu 1500\u001b[39m\n\u001b[32m+mtu 9000\u001b[39m");
    const plain = await asOnTerminal(server, { NO_COLOR: "1" }, "diff", "core-1");
    expect(plain).toContain("\n-mtu 1500\n+mtu 9000\n");
    expect(plain).not.toContain("\u001b");
  });

  test("no control sequence of a configuration gets through", async (ctx) => {
    await requireTool(ctx, "script", NEEDS);
    const server = await startHere();
    await server.send("PUT", "/configs/evil", `${EVIL}\n`);
    const noColour = { NO_COLOR: "1" };
    for (const shown of [
      await onTerminal(server, noColour, "get", "evil"),
      await asOnTerminal(server, noColour, "get", "evil"),
      await asOnTerminal(server, noColour, "diff", "evil"),
      await asOnTerminal(server, noColour, "list", "--contains", "evil"),
    ]) {
      expect(shown).toContain("evil");
      for (const sign of CONTROLS) expect(shown).not.toContain(sign);
    }
  });

  test("a list shows no control sequence either when it goes to a pipe", async () => {
    const server = await startHere();
    await server.send("PUT", "/configs/evil", `${EVIL}\n`);
    const { stdout } = await run(server, "list", "--contains", "evil");
    for (const sign of CONTROLS) expect(stdout).not.toContain(sign);
  });
});
