/** The commands that repeat a failure: run in a shell, they do what the judge did. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { unusedPort } from "../../../src/lab/unused-port";
import type { Main } from "../../../src/program/program";
import { connect } from "../../../src/sockets/tcp";
import { endpointsJudge } from "../../../src/tools/practice/judges/01-endpoints/judge";
import { safeFetchJudge } from "../../../src/tools/practice/judges/05-safe-fetch/judge";
import {
  type Leaving,
  replayReceiver,
  replayRequest,
  replayServer,
  replaySilence,
  replayTcp,
} from "../../../src/tools/practice/judging/replay";
import { checkInProcess } from "./in-process";
import { wrongEndpoints } from "./wrong/01-endpoints";

const HOST = "127.0.0.1";
/** Each command starts processes, on a machine that does other things too. */
const TIMEOUT = { timeout: 60_000 };

/** Runs a command as a person would; what is left of it is ended with the test. */
function shell(command: string) {
  const child = spawn("bash", ["-c", command], { detached: true });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (output += data));
  onTestFinished(() => {
    try {
      process.kill(-(child.pid ?? 0), "SIGKILL");
    } catch {
      // all of it has ended
    }
  });
  return { ended: once(child, "close").then(() => output) };
}

/** How a client that runs `command` treats a server: what it sends, and how it leaves. */
async function seenByServer(left: Leaving) {
  const server = createServer({ allowHalfOpen: true });
  await once(server.listen(0, HOST), "listening");
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const command = replayTcp(
    { host: HOST, port },
    { sent: Buffer.from("it's\r\n\xe9", "latin1"), left },
  );
  const { ended } = shell(command ?? "");
  const [socket] = (await once(server, "connection")) as [Socket];
  let received = "";
  socket.setEncoding("latin1").on("data", (text) => (received += text));
  const how = await new Promise<string>((resolve) => {
    socket.on("end", () => resolve("end"));
    socket.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? ""));
  });
  socket.destroy();
  await ended;
  return { received, how };
}

it("a client that ended its side ends it", TIMEOUT, async () => {
  expect(await seenByServer("end")).toEqual({ received: "it's\r\n\xe9", how: "end" });
});

it("a client that reset the connection resets it", TIMEOUT, async () => {
  expect(await seenByServer("reset")).toMatchObject({ how: "ECONNRESET" });
});

it(
  "a server of the judge's treats one client after the other as the judge did",
  TIMEOUT,
  async () => {
    const at = { host: HOST, port: await unusedPort(HOST) };
    const client = (name: string) =>
      `node -e 'require("net").connect(${at.port}, "${HOST}", function () { this.write("?") }).on("data", d => console.log("${name} " + d)).on("end", () => console.log("${name} end")).on("error", e => console.log("${name} " + e.code)).setTimeout(500, function () { console.log("${name} silent"); this.destroy() })'`;
    const command = replayServer(
      at,
      [
        { sent: Buffer.from("hello"), left: "end" },
        { sent: Buffer.alloc(0), left: "reset" },
        { sent: Buffer.alloc(0), left: "open" },
      ],
      ["a", "b", "c"].map(client).join("; "),
    );
    expect(await shell(command).ended).toBe("a hello\na end\nb ECONNRESET\nc silent\n");
  },
);

it("a receiver of the judge's answers the datagrams that the judge answered", TIMEOUT, async () => {
  const at = { host: HOST, port: await unusedPort(HOST) };
  const client = `node -e 'const s = require("dgram").createSocket("udp4", d => { console.log(String(d)); s.close() }).bind(() => { s.send("first", ${at.port}, "${HOST}"); s.send("second", ${at.port}, "${HOST}") })'`;
  expect(await shell(replayReceiver(at, [[], ["2"]], client)).ended).toBe("2\n");
});

it("a server that a reset ended is reset again, before it is asked again", TIMEOUT, async () => {
  const wrong = wrongEndpoints.find(({ fault }) => fault.startsWith("ends with its first"));
  const { failure } = await checkInProcess(endpointsJudge, wrong?.programs ?? {});
  expect(failure?.step).toBe("goes on after a caller that leaves abruptly");
  expect(failure?.start).toBe("npm run program -- practice/endpoints --port 8000");
  expect(failure?.replay).toMatch(/connect\(8000, .*resetAndDestroy.*; .*127\.0\.0\.1 8000$/);
});

it("a client whose server was silent meets silence again", TIMEOUT, async () => {
  const main: Main = async (argv = []) => {
    const value = (name: string) => argv[argv.indexOf(name) + 1] ?? "";
    const socket = await connect({ host: value("--host"), port: Number(value("--port")) });
    await socket.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    await socket.close();
    return 0;
  };
  const steps = safeFetchJudge.steps.filter(({ name }) => name.startsWith("says TIMED_OUT"));
  const { failure } = await checkInProcess({ ...safeFetchJudge, steps }, { safe_fetch: main });
  expect(failure?.replay).toContain("const a = [(c) => {  }];");
  expect(failure?.replay).toMatch(/npm run program -- practice\/safe_fetch --port 9000 /);
});

it.runIf(process.platform === "linux")(
  "a silent port neither accepts nor refuses",
  TIMEOUT,
  async () => {
    const at = { host: HOST, port: await unusedPort(HOST) };
    const client = `node -e 'require("net").connect(${at.port}, "${HOST}", () => console.log("accepted")).on("error", e => console.log(e.code)).setTimeout(700, function () { console.log("silent"); this.destroy() })'`;
    expect(await shell(replaySilence(at, client)).ended).toBe("silent\n");
  },
);

it("a replay is curl where that sends what matters, and otherwise printf and nc", () => {
  const at = { host: "127.0.0.1", port: 8000 };
  const bytes = (text: string) => ({ sent: Buffer.from(text, "latin1"), left: "open" }) as const;
  const get = "GET /a?b HTTP/1.1\r\nHost: x\r\n";
  expect(
    replayRequest(at, bytes("GET /hello HTTP/1.1\r\nHost: x\r\nUser-Agent: a b\r\n\r\n")),
  ).toBe("curl -i -A 'a b' http://127.0.0.1:8000/hello");
  expect(replayRequest({ host: "::1", port: 1 }, bytes("GET / HTTP/1.1\r\nHost: x\r\n\r\n"))).toBe(
    "curl -i -H 'User-Agent:' http://[::1]:1/",
  );
  for (const odd of [
    get,
    `${get}User-Agent: it's\r\n\r\n`,
    `${get}X: y\r\n\r\n`,
    "GET / HTTP/1.1\nHost: x\n\n",
  ]) {
    expect(replayRequest(at, bytes(odd))).toMatch(/^printf '.*' \| nc -w 2 127\.0\.0\.1 8000$/);
  }
  expect(replayTcp(at, bytes("100%\\\r\n'\xe9"))).toBe(
    "printf '100%%\\\\\\r\\n\\047\\351' | nc -w 2 127.0.0.1 8000",
  );
  expect(replayTcp(at, { sent: Buffer.alloc(3_000), left: "open" })).toBeUndefined();
});
