/** port_scanner against real servers on the loopback, as a person or a script would run it. */
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, onTestFinished, type TestContext, test } from "vitest";
import { grabBanner } from "../../dist/port_banner";
import { scan } from "../../dist/port_scan";
import { main } from "../../dist/port_scanner";
import { startListeners } from "../../scripts/soak/listeners";
import { unsharedAddress } from "../../src/lab/own-address";
import { startSilentPorts } from "../../src/lab/silent-ports";
import { tableAddress, tcpSockets } from "../../src/lab/tcp-table";
import { unusedPort } from "../../src/lab/unused-port";
import { PROBES_PER_THREAD_MIN } from "../../src/scan/limits";
import type { SharedWork } from "../../src/scan/work";
import { startChild } from "../support/child";
import { runHere as runAnyHere } from "../support/here";
import { spawnProgram as spawnAnyProgram } from "../support/program";
import { requireTool } from "../support/tools";

const PROGRAM = path.resolve(import.meta.dirname, "../../dist/port_scanner.mjs");
/** A full scan, on a machine that does other things too. */
const SCAN_MS = 60_000;

/** Scans knock at every door: not at those of the other tests. */
const HOST = await unsharedAddress();

/** So many ports, and no fewer, are worth two threads. */
const TWO_THREADS = 2 * PROBES_PER_THREAD_MIN;

/** Enough ports for two threads, `port` among them. */
const around = (port: number) => {
  const first = Math.max(1, Math.min(port, 65_536 - TWO_THREADS));
  return `${first}-${first + TWO_THREADS - 1}`;
};

/** As a process, for what only that can show. */
const spawnProgram = (args: readonly string[]) => spawnAnyProgram("port_scanner", args, { HOST });

const runHere = (args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
  runAnyHere(main, args, { HOST, ...env });

/** A server that does `talk` with each client. */
async function serve(talk: (client: Socket) => void = () => {}, host = HOST) {
  const clients = new Set<Socket>();
  const server = createServer((client) => {
    clients.add(client.on("error", () => {}));
    talk(client);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(0, host, resolve);
  });
  onTestFinished(() => {
    for (const client of clients) client.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** A port that answers nobody any more: its queue is full. */
async function filteredPort(): Promise<number> {
  const silent = await startSilentPorts(1, HOST);
  onTestFinished(() => silent.stop());
  return silent.ports[0] ?? Number.NaN;
}

interface Json {
  finished: boolean;
  hosts: {
    address: string;
    name?: string;
    open: { port: number; service: string; banner?: string; server?: string }[];
    closed: string;
    filtered: string;
    unreachable: string;
    unasked: string;
  }[];
}

async function json(...args: string[]): Promise<Json> {
  const { status, stdout, stderr } = await runHere([...args, "--json"]).end(SCAN_MS);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return JSON.parse(stdout) as Json;
}

describe("a scan", () => {
  test("tells open, closed and filtered apart", async () => {
    const [open, closed, filtered] = [await serve(), await unusedPort(HOST), await filteredPort()];
    const found = await json("--ports", `${open},${closed},${filtered}`, "--timeout", "100");
    expect(found.finished).toBe(true);
    expect(found.hosts).toMatchObject([
      {
        address: HOST,
        open: [{ port: open }],
        closed: String(closed),
        filtered: String(filtered),
        unreachable: "",
      },
    ]);
  });

  test("tells what no way leads to from what does not answer", async () => {
    // The loopback's broadcast address: TCP has no route to it.
    const [host] = (await json("127.255.255.255", "--ports", "80", "--timeout", "100")).hosts;
    expect(host).toMatchObject({ unreachable: "80", filtered: "", closed: "" });
  });

  test("asks a silent port a second time, and gives it twice the time", async () => {
    const ports = [await filteredPort()];
    const targets = [{ address: HOST }];
    const { elapsedMs, hosts } = await scan({ targets, ports, timeout: 100 });
    expect(hosts[0]?.filtered).toEqual(ports);
    expect(elapsedMs).toBeGreaterThan(290);
  });

  test("times out also where a socket is used again", { timeout: SCAN_MS }, async () => {
    const filtered = await filteredPort();
    const closed = [await unusedPort(HOST), await unusedPort(HOST), await unusedPort(HOST)];
    const ports = [...closed, filtered].sort((a, b) => a - b).join(",");
    const found = await json("--ports", ports, "--timeout", "100", "--concurrency", "1");
    expect(found.hosts[0]?.filtered).toBe(String(filtered));
  });

  test("finds every server of 48 among thousands of ports, on several threads", {
    timeout: SCAN_MS,
  }, async () => {
    const listeners = await startListeners(48, HOST);
    onTestFinished(() => listeners.close());
    const ports = `1-${TWO_THREADS},${listeners.ports}`;
    const { hosts, finished } = await json("--ports", ports, "--no-banners");
    const open = hosts[0]?.open.map(({ port }) => port) ?? [];
    expect(listeners.ports.filter((port) => !open.includes(port))).toEqual([]);
    expect(finished).toBe(true);
  });

  test("keeps within 64 open files and loses no port", { timeout: SCAN_MS }, async () => {
    const listeners = await startListeners(20, HOST);
    onTestFinished(() => listeners.close());
    const ports = `2000-6000,${listeners.ports}`;
    const command = [PROGRAM, HOST, "--ports", ports, "--concurrency", "5000", "--json"];
    const shell = `ulimit -n 64 && exec "$0" "$@" --no-banners`;
    const child = startChild("sh", ["-c", shell, process.execPath, ...command]);
    const { status, stdout } = await child.end(SCAN_MS);
    expect(status).toBe(0);
    const [host] = (JSON.parse(stdout) as Json).hosts;
    const open = host?.open.map(({ port }) => port) ?? [];
    expect(listeners.ports.filter((port) => !open.includes(port))).toEqual([]);
    expect([host?.filtered, host?.unreachable, host?.unasked]).toEqual(["", "", ""]);
  });

  test("leaves no port waiting after it has found one open", async () => {
    const port = await serve();
    await json("--ports", String(port));
    const waiting = tcpSockets("TIME_WAIT") ?? [];
    const here = tableAddress(HOST);
    const ours = waiting.filter(
      ({ localAddress, localPort, remoteAddress, remotePort }) =>
        (localAddress === here && localPort === port) ||
        (remoteAddress === here && remotePort === port),
    );
    expect(ours).toEqual([]);
  });

  test("is told how it goes, until all is settled", async () => {
    const seen: number[] = [];
    const onProgress = ({ words, word }: SharedWork) => seen.push(words[word.SETTLED] ?? -1);
    const ports = [await unusedPort(HOST), await filteredPort()];
    await scan({ targets: [{ address: HOST }], ports, timeout: 200, onProgress });
    expect(seen[0]).toBe(1);
    expect(seen.at(-1)).toBe(2);
  });
});

describe("targets", () => {
  test("may be a name, a block and a range of addresses", async () => {
    const port = await serve(undefined, "127.0.0.1");
    const found = await json("localhost", "127.0.0.0/30", "127.0.0.5-6", "--ports", `${port}`);
    const open = found.hosts.filter((host) => host.open.length > 0);
    expect(found.hosts.map(({ address }) => address)).toEqual(
      expect.arrayContaining(["127.0.0.0", "127.0.0.2", "127.0.0.3", "127.0.0.5", "127.0.0.6"]),
    );
    expect(open.map(({ address }) => address)).toEqual(["127.0.0.1"]);
  });

  test("may be IPv6", async (ctx) => {
    const port = await serve(undefined, "::1").catch(() => undefined);
    if (port === undefined) return ctx.skip("this machine has no IPv6 loopback");
    const found = await json("::1", "--ports", String(port));
    expect(found.hosts).toMatchObject([{ address: "::1", open: [{ port }] }]);
  });

  test("by default are --host, or HOST from the environment", async () => {
    const port = await serve();
    expect((await json("--host", "127.0.0.3", "--ports", "1")).hosts[0]?.address).toBe("127.0.0.3");
    const child = runHere(["--ports", `${port}`], { HOST: "127.0.0.1" });
    expect((await child.end()).stdout).toMatch(/^127\.0\.0\.1\n/);
  });

  test("that are not this machine are refused with exit code 2, in one line", async () => {
    const { status, stdout, stderr } = await runHere([
      "127.0.0.1",
      "192.0.2.1",
      "--ports",
      "22",
    ]).end();
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr.split("\n")[0]).toMatch(
      /^port_scanner: 192\.0\.2\.1 is not this machine: .* --i-have-permission$/,
    );
  });
});

describe("what services say", () => {
  /** What is shown of a service. Half of `timeout` is longer than a test may take: nobody waits for its end in vain. */
  const visit = async (talk: (client: Socket) => void, timeout = 60_000) => {
    const port = await serve(talk);
    const { hosts } = await json("--ports", String(port), "--timeout", String(timeout));
    const [{ banner, server } = {}] = hosts[0]?.open ?? [];
    return { banner, server };
  };

  test.each([
    ["SSH-2.0-OpenSSH_9.2\r\n", "SSH-2.0-OpenSSH_9.2"],
    ["220-first\r\n220 second\r\n", "220-first"],
    ["\r\nhello\n", "hello"],
    ["\u001b[31mred\u0007\u202e\r\n", "\\u001b[31mred\\u0007\\u202e"],
    [`${"x".repeat(5_000)}\n`, `${"x".repeat(100)}...`],
  ])("the banner %j is shown as %j", async (sent, shown) => {
    expect(await visit((client) => client.write(sent))).toEqual({ banner: shown });
  });

  test("a banner without a line end is shown when the time for it is up", async () => {
    expect(await visit((client) => client.write("no line end"), 1_000)).toEqual({
      banner: "no line end",
    });
  });

  test("a banner that comes in pieces is put together", async () => {
    const talk = async (client: Socket) => {
      for (const piece of ["22", "0 rea", "dy\r", "\n"]) {
        client.write(piece);
        await new Promise(setImmediate);
      }
    };
    expect(await visit(talk)).toEqual({ banner: "220 ready" });
  });

  test("one that waits for a request and speaks HTTP is asked for its Server field", async () => {
    const requests: string[] = [];
    const talk = (client: Socket) =>
      client.once("data", (data: Buffer) => {
        requests.push(String(data));
        client.end(
          "HTTP/1.1 404 Not Found\r\nDate: now\r\nSERVER:  Apache/2.4 (Unix) \r\n\r\nServer: x",
        );
      });
    expect(await visit(talk, 1_000)).toEqual({ server: "Apache/2.4 (Unix)" });
    expect(requests[0]).toMatch(
      /^HEAD \/ HTTP\/1\.1\r\nHost: 127\.\d+\.\d+\.\d+:\d+\r\nConnection: close\r\n\r\n$/,
    );
  });

  test.each([
    ["says nothing", () => {}],
    ["closes at once", (client: Socket) => client.end()],
    ["resets", (client: Socket) => client.resetAndDestroy()],
    [
      "answers something else",
      (client: Socket) => client.once("data", () => client.end("-ERR\r\n")),
    ],
    [
      "has a Server field only in its content",
      (client: Socket) =>
        client.once("data", () => client.end("HTTP/1.0 200 OK\r\n\r\nServer: x\r\n")),
    ],
  ] as [string, (client: Socket) => void][])(
    "one that %s is open, without a word",
    async (_how, talk) => {
      expect(await visit(talk, 600)).toEqual({});
    },
  );

  test("patience ends also when the memory is tidied up meanwhile", async () => {
    setFlagsFromString("--expose-gc");
    const collect: () => void = runInNewContext("gc");
    // Collected are signals that only a timer of Node's knows: what hangs on them would wait for ever.
    const collecting = setInterval(collect, 20);
    onTestFinished(() => clearInterval(collecting));
    expect(await grabBanner(HOST, await serve(), 200)).toEqual({});
  });

  test("one that never stops talking is listened to for a while only", async () => {
    const talk = (client: Socket) => {
      const more = () => {
        while (!client.destroyed && client.write("x".repeat(65_536)));
      };
      client.on("drain", more);
      more();
    };
    expect((await visit(talk)).banner).toBe(`${"x".repeat(100)}...`);
  });

  test("with --no-banners nobody is asked", async () => {
    const sent: number[] = [];
    const port = await serve((client) => {
      client.write("220 ready\r\n");
      client.on("data", (data: Buffer) => sent.push(data.length));
    });
    const { hosts } = await json("--ports", String(port), "--no-banners");
    expect(hosts[0]?.open).toEqual([{ port, service: expect.any(String) }]);
    expect(sent).toEqual([]);
  });
});

describe("as a program", () => {
  test("it prints a table, the names of services, and how long it took", async () => {
    const port = await serve((client) => client.write("220 ready\r\n"));
    const { status, stdout, stderr } = await spawnProgram(["--ports", `1,${port}`]).end();
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(
      new RegExp(`^${HOST}\\nPORT +STATE +SERVICE +SAYS\\n${port} +open .*220 ready\\n`),
    );
    expect(stdout).toMatch(/\n1 closed\n\n2 ports asked in \d+\.\d\d s: 1 open\n$/);
  });

  test("--csv is made safe for spreadsheets", async () => {
    const port = await serve((client) => client.write('=cmd|"/c calc"!A1,x\r\n'));
    const { stdout } = await runHere(["--ports", `${port}`, "--csv"]).end();
    expect(stdout.split("\r\n")[1]).toMatch(
      /^127\.\d+\.\d+\.\d+,,\d+,open,[^,]*,"'=cmd\|""\/c calc""!A1,x",$/,
    );
  });

  test("--expect-open exits with 1 when a port is not open, and with 0 when all are", async () => {
    const [open, closed] = [await serve(), await unusedPort(HOST)];
    const argsFor = (ports: string) => ["--ports", ports, "--expect-open", "--no-banners"];
    expect((await runHere(argsFor(`${open}`)).end()).status).toBe(0);
    const { status, stdout, stderr } = await spawnProgram(argsFor(`${open},${closed}`)).end();
    expect(status).toBe(1);
    expect(stdout).toContain("1 closed");
    expect(stderr).toMatch(/^port_scanner: 1 of the ports .* is not\n$/);
  });

  test("Ctrl+C prints what is known so far and exits with 0", async () => {
    const met: (() => void)[] = [];
    const seen = new Promise<void>((resolve) => met.push(resolve));
    const first = await unusedPort(HOST);
    const port = await serve(() => met[0]?.());
    // Rising: what comes before the server is asked before it, and the rest takes minutes.
    const ports = `${Math.min(first, port - 1)},${port}-65535`;
    const child = spawnProgram(["--ports", ports, "--rate", "20", "--json"]);
    await seen;
    child.kill("SIGINT");
    const { status, stdout, stderr } = await child.end();
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const found = JSON.parse(stdout) as Json;
    expect(found.finished).toBe(false);
    expect(found.hosts[0]?.open.map((one) => one.port)).toEqual([port]);
    expect(found.hosts[0]?.unasked).not.toBe("");
  });

  test("Ctrl+C also stops a scan on several threads", async () => {
    const filtered = await filteredPort();
    const args = ["--ports", around(filtered), "--timeout", "60000", "--no-banners"];
    const child = spawnProgram(args);
    // The window goes round all that is refused; what hangs is the port that does not answer.
    await expect.poll(() => isAsking(filtered), { timeout: 15_000 }).toBe(true);
    child.kill("SIGINT");
    const { status, stdout } = await child.end();
    expect(status).toBe(0);
    expect(stdout).toMatch(/\nstopped: [\d,]+ ports asked in .*, the rest unknown: \d+ open\n$/);
  });

  test.each([
    [["--ports", "0"], /--ports: "0"/],
    [["10.0.0.1-x"], /"10\.0\.0\.1-x" is no target/],
    [["--rate", "0"], /--rate/],
    [["--json", "--csv"], /exclude each other/],
    [["--timeout", "soon"], /--timeout/],
    [["--nosuch"], /--nosuch/],
  ])("the mistake in %j is named, with exit code 2", async (args, named) => {
    const { status, stdout, stderr } = await runHere(args).end();
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(named);
  });

  test("a name that nobody has is one line on standard error and exit code 1", async () => {
    const { status, stderr } = await runHere(["no-such-host.invalid"]).end();
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^port_scanner: the host name no-such-host\.invalid has no address\. [^\n]+\n$/,
    );
  });

  test("--help lists its options", async () => {
    const { status, stdout } = await runHere(["--help"]).end();
    expect(status).toBe(0);
    const options = ["ports", "timeout", "concurrency", "rate", "json", "csv", "i-have-permission"];
    for (const option of options) expect(stdout).toContain(`--${option}`);
  });

  test("the file alone, copied elsewhere, scans on several threads", {
    timeout: SCAN_MS,
  }, async () => {
    const folder = await mkdtemp(path.join(tmpdir(), "port-scanner-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    await copyFile(PROGRAM, path.join(folder, "scan.mjs"));
    const port = await serve();
    const args = ["scan.mjs", HOST, "--ports", around(port), "--json", "--no-banners"];
    const child = startChild(process.execPath, args, { cwd: folder });
    const { status, stdout } = await child.end(SCAN_MS);
    expect(status).toBe(0);
    const open = (JSON.parse(stdout) as Json).hosts[0]?.open.map((one) => one.port);
    expect(open).toContain(port);
  });
});

test("the readable form scans on several threads too, whatever tsx writes into its functions", {
  timeout: SCAN_MS,
}, async () => {
  const port = await serve();
  const source = PROGRAM.replace(/\.mjs$/, ".ts");
  const ports = around(port);
  const args = ["--import", "tsx", source, HOST, "--ports", ports, "--json", "--no-banners"];
  const { status, stdout } = await startChild(process.execPath, args).end(SCAN_MS);
  expect(status).toBe(0);
  expect((JSON.parse(stdout) as Json).hosts[0]?.open.map((one) => one.port)).toContain(port);
});

describe("the progress bar", () => {
  const inTerminal = async (ctx: TestContext, args: string) => {
    await requireTool(ctx, "script", "sudo apt-get install bsdutils");
    const command = `${process.execPath} ${PROGRAM} ${HOST} ${args}`;
    return startChild("script", ["-qfec", command, "/dev/null"], { env: { SHELL: "/bin/sh" } });
  };

  test("shows rate and time left on a terminal, and is gone before the table", async (ctx) => {
    const child = await inTerminal(ctx, "--ports 1-40 --rate 40");
    const { stdout } = await child.end();
    expect(stdout).toMatch(/\[█* *\] +\d+% +\d+ of 40 +\d+\/s +\d+:\d\d left/);
    expect(stdout).toContain(`\r\u001b[2K${HOST}\r\n`);
  });

  test("is not drawn where standard error is no terminal", async () => {
    const { stderr } = await spawnProgram(["--ports", "1-20", "--rate", "40"]).end();
    expect(stderr).toBe("");
  });
});

/** Whether somebody is trying to connect to the port just now, as Linux tells it. */
function isAsking(port: number): boolean {
  const asking = tcpSockets("SYN_SENT");
  return (
    asking === undefined ||
    asking.some(
      ({ remoteAddress, remotePort }) =>
        remoteAddress === tableAddress(HOST) && remotePort === port,
    )
  );
}
