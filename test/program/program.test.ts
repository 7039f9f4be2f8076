import { getEventListeners } from "node:events";
import { Writable } from "node:stream";
import { describe, expect, it, onTestFinished } from "vitest";
import {
  type Main,
  ProgramError,
  program,
  STOP_GRACE_MAX_MS,
  UsageError,
} from "../../src/program/program";
import { SocketError, toSocketError } from "../../src/sockets/errors";
import { connect, listen, type TcpServer } from "../../src/sockets/tcp";
import { bind } from "../../src/sockets/udp";

interface Outcome {
  code: number;
  out: string;
  err: string;
}

/** Runs a main as a test or a cell does, and collects what it wrote. */
async function runMain(
  main: Main,
  argv: readonly string[] = [],
  { env = {}, signal }: { env?: Record<string, string>; signal?: AbortSignal } = {},
): Promise<Outcome> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await main(argv, {
    stdout: { write: (text) => out.push(String(text)) },
    stderr: { write: (text) => err.push(text) },
    env,
    signal,
  });
  return { code, out: out.join(""), err: err.join("") };
}

/** A server program that prints what it was given and ends. */
const echo = program({
  name: "echo_settings",
  about: "Prints its settings.",
  port: 8080,
  options: {
    count: { type: "integer", description: "how many", default: 3, min: 1, max: 10, short: "c" },
    size: { type: "integer", description: "how large" },
    name: { description: "a name", default: "Ada", env: "NAME_OF_ECHO" },
    note: { description: "a note" },
    loud: { type: "boolean", description: "shout", short: "l" },
  },
  positionals: [
    { name: "message", description: "what to say", default: "hello" },
    { name: "more", description: "more to say", rest: true },
  ],
  run({ host, port, options, positionals, print }) {
    print(JSON.stringify({ host, port, ...options, positionals }));
  },
});

async function settings(argv: readonly string[], env?: Record<string, string>) {
  const { code, out, err } = await runMain(echo, argv, { env });
  expect([code, err]).toEqual([0, ""]);
  return JSON.parse(out);
}

describe("a program's settings", () => {
  it("are the defaults when nothing is given", async () => {
    expect(await settings([])).toEqual({
      host: "127.0.0.1",
      port: 8080,
      count: 3,
      name: "Ada",
      loud: false,
      positionals: ["hello"],
    });
  });

  it("come from the environment before the defaults", async () => {
    const env = { HOST: "0.0.0.0", PORT: "9000", NAME_OF_ECHO: "Grace" };
    expect(await settings([], env)).toMatchObject({ host: "0.0.0.0", port: 9000, name: "Grace" });
  });

  it("come from the command line before the environment", async () => {
    const argv = [
      "--host",
      "::1",
      "--port=0",
      "-c",
      "7",
      "-l",
      "--size",
      "12",
      "--note",
      "n",
      "hi",
      "a",
      "b",
    ];
    expect(await settings(argv, { HOST: "0.0.0.0", PORT: "bad, but not used" })).toEqual({
      host: "::1",
      port: 0,
      count: 7,
      size: 12,
      name: "Ada",
      note: "n",
      loud: true,
      positionals: ["hi", "a", "b"],
    });
  });

  it("take an empty environment variable as none", async () => {
    expect(await settings([], { HOST: "", PORT: "" })).toMatchObject({
      host: "127.0.0.1",
      port: 8080,
    });
  });

  it("take what follows -- as it is", async () => {
    expect(await settings(["--", "--port"])).toMatchObject({ positionals: ["--port"] });
  });
});

describe("bad usage", () => {
  it.each([
    [["--port", "70000"], '--port must be a whole number from 0 to 65535, not "70000"'],
    [["--port=-1"], '--port must be a whole number from 0 to 65535, not "-1"'],
    [["--port", "80a"], '--port must be a whole number from 0 to 65535, not "80a"'],
    [["--port", "0x50"], '--port must be a whole number from 0 to 65535, not "0x50"'],
    [["--port="], '--port must be a whole number from 0 to 65535, not ""'],
    [["--port"], "--port needs a value"],
    [["--port", "-1"], "--port needs a value; if it begins with '-', write it after '='"],
    [["--count", "11"], '--count must be a whole number from 1 to 10, not "11"'],
    [["--size", "-2"], "--size needs a value; if it begins with '-', write it after '='"],
    [["--host="], '--host must be a name or an address, not ""'],
    [["--prot", "80"], "unknown option '--prot'"],
    [["-x"], "unknown option '-x'"],
    [["--loud=yes"], "option '-l, --loud' does not take an argument"],
  ])(
    "%j is one line and a hint to --help on standard error, and exit code 2",
    async (argv, message) => {
      const { code, out, err } = await runMain(echo, argv);
      expect(err).toBe(`echo_settings: ${message}\nTry: node echo_settings.mjs --help\n`);
      expect([code, out]).toEqual([2, ""]);
    },
  );

  it("names the environment variable that is wrong", async () => {
    const { code, err } = await runMain(echo, [], { env: { PORT: "http" } });
    expect(code).toBe(2);
    expect(err).toMatch(
      /^echo_settings: PORT \(in the environment\) must be a whole number .* not "http"\n/,
    );
  });

  it("is a stray argument, a missing one, or port 0 for a client", async () => {
    const strict = program({
      name: "strict",
      about: "Takes one argument.",
      kind: "client",
      port: 8080,
      positionals: [{ name: "target", description: "where to", required: true }],
      run() {},
    });
    expect((await runMain(strict, ["a", "b"])).err).toMatch(/^strict: unexpected argument "b"\n/);
    expect((await runMain(strict, [])).err).toMatch(/^strict: target is missing\n/);
    expect((await runMain(strict, ["--port", "0", "a"])).err).toMatch(/from 1 to 65535, not "0"/);
    expect((await runMain(strict, ["a"])).code).toBe(0);
  });

  it("can be found by the program itself", async () => {
    const picky = program({
      name: "picky",
      about: "Never content.",
      run() {
        throw new UsageError("--from must not be larger than --to");
      },
    });
    expect(await runMain(picky)).toEqual({
      code: 2,
      out: "",
      err: "picky: --from must not be larger than --to\nTry: node picky.mjs --help\n",
    });
  });
});

describe("--help", () => {
  it("shows usage, arguments, options with their defaults and environment, and an example", async () => {
    const { code, out, err } = await runMain(echo, ["--port", "nonsense", "--help"]);
    expect([code, err]).toEqual([0, ""]);
    expect(out).toBe(`Prints its settings.

Usage: node echo_settings.mjs [options] [message] [more...]

Arguments:
  message  what to say (default hello)
  more     more to say

Options:
      --host HOST    address to listen on (default 127.0.0.1; environment HOST)
      --port PORT    port to listen on; 0 lets the system choose (default 8080; environment PORT)
  -c, --count COUNT  how many (default 3)
      --size SIZE    how large
      --name NAME    a name (default Ada; environment NAME_OF_ECHO)
      --note NOTE    a note
  -l, --loud         shout
  -h, --help         show this help

Example:
  node echo_settings.mjs --port 8081
`);
  });

  it("speaks of the server to connect to, in a client", async () => {
    const client = program({ name: "c", about: "Asks.", kind: "client", port: 80, run() {} });
    const { out } = await runMain(client, ["-h"]);
    expect(out).toMatch(
      /--host HOST {2}host name or address of the server \(default 127\.0\.0\.1;/,
    );
    expect(out).toMatch(/--port PORT {2}port of the server \(default 80;/);
    expect(out).not.toMatch(/lets the system choose/);
  });

  it("has no --port in a program without a port", async () => {
    const scan = program({ name: "scan", about: "Scans.", kind: "client", run() {} });
    expect((await runMain(scan, ["-h"])).out).not.toMatch(/--port/);
    expect((await runMain(scan, ["--port", "1"])).code).toBe(2);
  });
});

const tcpServer = program({
  name: "tcp_server",
  about: "Listens.",
  port: 8080,
  async run({ host, port, signal, print }) {
    const server = await listen({ host, port, signal });
    print(String(server.local.port));
    for await (const socket of server) await socket.recv(1);
  },
});

const tcpClient = program({
  name: "tcp_client",
  about: "Connects.",
  kind: "client",
  port: 8080,
  async run({ host, port, signal }) {
    const socket = await connect({ host, port, signal });
    await socket.recv(1);
  },
});

describe("a failure", () => {
  it("is a port in use: one line that names it, how to find its owner and how to avoid it", async () => {
    const taken = await listen({ port: 0 });
    const { port } = taken.local;
    const { code, out, err } = await runMain(tcpServer, ["--port", String(port)]);
    await taken.close();
    expect([code, out]).toEqual([1, ""]);
    expect(err).toMatch(
      new RegExp(
        `^tcp_server: listen 127\\.0\\.0\\.1:${port}: address already in use\\. Find the program that holds it with \`[^\`]*${port}\`, or choose another port with --port \\(--port 0 lets the system choose\\)\\.\n$`,
      ),
    );
  });

  it("is a connection refused: one line that speaks of the client's options", async () => {
    const free = await listen({ port: 0 });
    await free.close();
    const { port } = free.local;
    const { code, err } = await runMain(tcpClient, ["--port", String(port)]);
    expect(code).toBe(1);
    expect(err).toBe(
      `tcp_client: connect 127.0.0.1:${port}: connection refused. Nothing listens there: check --host and --port, and that the server is running.\n`,
    );
  });

  it("is an unknown host: one line", async () => {
    const { code, err } = await runMain(tcpClient, ["--host", "nowhere.invalid"]);
    expect(code).toBe(1);
    expect(err).toMatch(/^tcp_client: connect nowhere\.invalid:8080: [^\n]*\. [^\n]*\.\n$/);
  });

  it("is a forbidden port: one line that says which ports need privileges", async () => {
    const forbidden = program({
      name: "web",
      about: "Wants port 80.",
      port: 80,
      run({ host, port }) {
        throw new SocketError("PERMISSION_DENIED", `listen ${host}:${port}: permission denied`, {
          endpoint: { host, port },
        });
      },
    });
    const { code, err } = await runMain(forbidden);
    expect([code, err]).toEqual([
      1,
      "web: listen 127.0.0.1:80: permission denied. Ports below 1024 need privileges on most systems: choose one from 1024 to 65535 with --port.\n",
    ]);
  });

  const failing = (error: SocketError) =>
    program({
      name: "p",
      about: "Fails.",
      port: 8080,
      run() {
        throw error;
      },
    });

  it("says nothing about ports below 1024 where the port is higher", async () => {
    const place = { host: "127.0.0.1", port: 8080 };
    const denied = toSocketError(Object.assign(new Error(), { code: "EACCES" }), "listen", place);
    const { err } = await runMain(failing(denied));
    expect(err).toMatch(/^p: listen 127\.0\.0\.1:8080: permission denied\. /);
    expect(err).not.toContain("1024");
  });

  it("advises to check the network, not the spelling, when no name server answered", async () => {
    const lookup = (code: string) =>
      toSocketError(Object.assign(new Error(), { code }), "connect", { host: "a", port: 1 });
    expect((await runMain(failing(lookup("EAI_AGAIN")))).err).toMatch(/No name server answered/);
    expect((await runMain(failing(lookup("EAI_AGAIN")))).err).not.toMatch(/spelling/);
    expect((await runMain(failing(lookup("ENOTFOUND")))).err).toMatch(/spelling of --host/);
  });

  it.each([
    ["linux", "`ss -ltunp | grep :8080`"],
    ["darwin", "`lsof -nP -i :8080`"],
  ])(
    "names a command that %s has to find the program that holds a port",
    async (system, command) => {
      const own = process.platform;
      onTestFinished(() => void Object.defineProperty(process, "platform", { value: own }));
      Object.defineProperty(process, "platform", { value: system });
      const endpoint = { host: "127.0.0.1", port: 8080 };
      const inUse = new SocketError("ADDRESS_IN_USE", "listen: address already in use", {
        endpoint,
      });
      expect((await runMain(failing(inUse))).err).toContain(command);
    },
  );

  it("is one line for a ProgramError and for an error of the operating system", async () => {
    const fails = (error: unknown) =>
      runMain(
        program({
          name: "p",
          about: "Fails.",
          run() {
            throw error;
          },
        }),
      );
    expect(await fails(new ProgramError("no such\n  device"))).toMatchObject({
      code: 1,
      err: "p: no such device\n",
    });
    const missing = Object.assign(new Error("ENOENT: no such file"), {
      errno: -2,
      code: "ENOENT",
      syscall: "open",
    });
    expect(await fails(missing)).toMatchObject({ code: 1, err: "p: ENOENT: no such file\n" });
  });

  it("is a stack trace for a bug, also for one that is no Error", async () => {
    const buggy = (bug: unknown) =>
      runMain(
        program({
          name: "p",
          about: "Has a bug.",
          async run() {
            throw bug;
          },
        }),
      );
    const { code, err } = await buggy(new TypeError("x is not a function"));
    expect(code).toBe(1);
    expect(err).toMatch(/^p: TypeError: x is not a function\n {4}at /);
    expect(await buggy("text")).toMatchObject({ code: 1, err: "p: text\n" });
  });
});

describe("a program that is stopped", () => {
  it("closes its server and its connections, and ends with 0", async () => {
    const stop = new AbortController();
    let listening = (_port: number) => {};
    const ready = new Promise<number>((resolve) => {
      listening = resolve;
    });
    const ended = tcpServer(["--port", "0"], {
      stdout: { write: (text) => listening(Number(text)) },
      stderr: { write: () => expect.unreachable() },
      env: {},
      signal: stop.signal,
    });
    const port = await ready;
    const client = await connect({ port });
    await client.send("x");
    stop.abort();
    expect(await ended).toBe(0);
    const end = await client.recv(1).catch((error) => error.code);
    expect(end === "RESET" || end.length === 0).toBe(true);
    await client.close();
    await (await listen({ port })).close();
    expect(getEventListeners(stop.signal, "abort").length).toBe(0);
  });

  it("ends with 0 whatever it waits for", async () => {
    const silent: TcpServer = await listen({ port: 0 });
    const waits: Record<string, Main> = {
      tcpClient,
      udp: program({
        name: "udp",
        about: "Receives.",
        port: 0,
        async run({ host, port, signal }) {
          await (await bind({ host, port, signal })).recvfrom();
        },
      }),
      nothing: program({ name: "n", about: "Ignores it.", run: () => new Promise<void>(() => {}) }),
    };
    expect(STOP_GRACE_MAX_MS).toBeLessThanOrEqual(1_000);
    for (const main of Object.values(waits)) {
      const stop = new AbortController();
      const port = main === tcpClient ? ["--port", String(silent.local.port)] : [];
      const outcome = runMain(main, port, { env: {}, signal: stop.signal });
      await new Promise((resolve) => setImmediate(resolve));
      stop.abort();
      expect(await outcome).toMatchObject({ code: 0, err: "" });
    }
    await silent.close();
  });

  it("does not even begin when it was stopped before", async () => {
    let ran = false;
    const main = program({
      name: "n",
      about: "Runs.",
      run() {
        ran = true;
      },
    });
    expect(await runMain(main, [], { signal: AbortSignal.abort() })).toMatchObject({ code: 0 });
    expect(ran).toBe(false);
  });

  it("still reports a bug that shows while it stops", async () => {
    const stop = new AbortController();
    const main = program({
      name: "n",
      about: "Stumbles.",
      run: ({ signal }) =>
        new Promise<void>((_, reject) => {
          signal.addEventListener("abort", () => reject(new TypeError("a bug")));
        }),
    });
    const outcome = runMain(main, [], { signal: stop.signal });
    stop.abort();
    expect((await outcome).code).toBe(1);
    expect((await outcome).err).toMatch(/TypeError: a bug/);
  });
});

describe("what run leaves open", () => {
  it("is closed when it ends, since its signal aborts", async () => {
    let left: TcpServer | undefined;
    const main = program({
      name: "n",
      about: "Forgets to close.",
      port: 0,
      async run({ host, port, signal }) {
        left = await listen({ host, port, signal });
      },
    });
    expect((await runMain(main)).code).toBe(0);
    expect(left?.closed).toBe(true);
  });
});

describe("the process", () => {
  it("is left as it was: no signal handlers, no exit code", async () => {
    const handlers = () =>
      ["SIGINT", "SIGTERM", "uncaughtException"].map((name) => process.listenerCount(name));
    const before = handlers();
    let during: number[] = [];
    const main = program({
      name: "n",
      about: "Looks around.",
      run() {
        during = handlers();
        throw new ProgramError("fails");
      },
    });
    expect((await runMain(main)).code).toBe(1);
    expect([during, handlers(), process.exitCode]).toEqual([before, before, undefined]);
  });
});

describe("a program of its own kind", () => {
  const own = program({
    name: "own_ways",
    about: "Has ways of its own.",
    positionals: [{ name: "HOW", description: "what to do" }],
    notes: "Exit codes:\n  7  seven",
    run({ positionals: [how], write }) {
      if (how === "fail") throw new ProgramError("seven it is", 7);
      write(Buffer.from("as "));
      write("it is");
    },
  });

  it("chooses the exit code of a failure", async () => {
    expect(await runMain(own, ["fail"])).toEqual({
      code: 7,
      out: "",
      err: "own_ways: seven it is\n",
    });
  });

  it("writes to standard output as it is, without a line end", async () => {
    expect(await runMain(own)).toMatchObject({ code: 0, out: "as it is" });
  });

  it("ends its help with its notes", async () => {
    expect((await runMain(own, ["--help"])).out).toMatch(/\nExit codes:\n {2}7 {2}seven\n$/);
  });
});

it("flushed waits while standard output is full, and not when it has closed", async () => {
  const taken: (() => void)[] = [];
  const stdout = new Writable({
    highWaterMark: 4,
    write: (_chunk, _encoding, done) => void taken.push(done),
  });
  const reached: string[] = [];
  const chatty = program({
    name: "chatty",
    about: "Prints more than its reader takes.",
    async run({ print, flushed }) {
      await flushed();
      print("a long line");
      await flushed();
      reached.push("room again");
      print("another long line");
      await flushed();
      reached.push("closed");
    },
  });
  const ended = chatty([], { stdout, env: {} });
  await new Promise(setImmediate);
  expect(reached).toEqual([]);
  taken.shift()?.();
  await expect.poll(() => reached).toEqual(["room again"]);
  stdout.destroy();
  expect(await ended).toBe(0);
});

it("takes its options from the process's environment where none is given", async () => {
  process.env.PORT = "4711";
  onTestFinished(() => void delete process.env.PORT);
  const out: string[] = [];
  await echo([], { stdout: { write: (text) => out.push(String(text)) } });
  expect(JSON.parse(out.join(""))).toMatchObject({ port: 4711 });
});
