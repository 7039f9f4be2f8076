/** What the tests of the DNS programs share: a zone in a file of its own, and real name servers on loopback. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished, type TestContext } from "vitest";
import { encodeMessage } from "../../src/dns/encode";
import { makeQuery } from "../../src/dns/exchange";
import { ADMIN_FOLDERS, findProgram, pathFolders } from "../../src/lab/find-program";
import { listen } from "../../src/sockets/tcp";
import { bind } from "../../src/sockets/udp";

const MANY = Array.from(
  { length: 12 },
  (_, i) => `many TXT "${String.fromCharCode(97 + i).repeat(100)}"`,
);

/** Zones of both servers have these names; `origin` tells which server answered. */
export const ZONE_LINES = [
  "$TTL 60",
  "@ SOA ns1 admin ( 1 2h 15m 2w 30 )",
  "@ NS ns1",
  "@ MX 10 mail",
  "ns1 A 192.0.2.1",
  "mail A 192.0.2.25",
  "core-1 A 192.0.2.11",
  "core-1 AAAA 2001:db8::11",
  "www CNAME core-1",
  'text TXT "one" "two; three"',
  ...MANY,
];

/** Writes lines to `NAME.zone` in a folder that is removed when the test ends. */
export async function zoneFile(
  name: string,
  lines: readonly string[] = ZONE_LINES,
): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "socket-lab-dns-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = path.join(folder, `${name}.zone`);
  await writeFile(file, `${lines.join("\n")}\n`);
  return file;
}

/** A port number that was free for UDP and TCP a moment ago: real servers cannot be told to choose one. */
export async function freePort(): Promise<number> {
  for (;;) {
    const udp = await bind({ port: 0 });
    const { port } = udp.local;
    const isFree = await listen({ port }).then(
      (tcp) => tcp.close().then(() => true),
      () => false,
    );
    await udp.close();
    if (isFree) return port;
  }
}

/** Sends raw bytes over UDP and gives what comes back; undefined when nothing does. */
export async function exchange(
  port: number,
  bytes: Uint8Array,
  timeout = 2_000,
): Promise<Buffer | undefined> {
  const socket = await bind({ port: 0 });
  try {
    await socket.sendto(bytes, { host: "127.0.0.1", port });
    return (await socket.recvfrom(65_535, { timeout }).catch(() => undefined))?.data;
  } finally {
    await socket.close();
  }
}

/** What dnsmasq answers from; it owns `masq.example`. */
const DNSMASQ = [
  "--keep-in-foreground",
  "--conf-file=/dev/null",
  "--no-resolv",
  "--no-hosts",
  "--listen-address=127.0.0.1",
  "--bind-interfaces",
  "--user=",
  "--group=",
  "--pid-file=",
  "--log-facility=-",
  "--local-ttl=60",
  "--host-record=core-1.masq.example,192.0.2.11,2001:db8::11",
  "--cname=www.masq.example,core-1.masq.example",
  "--mx-host=masq.example,mail.masq.example,10",
  "--txt-record=text.masq.example,one,two words",
  "--srv-host=_http._tcp.masq.example,core-1.masq.example,8080,0,5",
  "--ptr-record=11.2.0.192.in-addr.arpa,core-1.masq.example",
  "--local=/masq.example/",
];
for (const line of MANY) DNSMASQ.push(`--txt-record=many.masq.example,${line.slice(10, -1)}`);

/** Starts a dnsmasq on loopback; skips where there is none. More names can be forwarded: `--server=/lab.example/127.0.0.1#5300`. */
export async function startDnsmasq(ctx: TestContext, ...more: readonly string[]): Promise<number> {
  const command = findProgram(["dnsmasq"], [...pathFolders(), ...ADMIN_FOLDERS]);
  if (command === undefined) {
    const reason = "needs dnsmasq, which is not installed: sudo apt-get install dnsmasq-base";
    if (process.env.CI) throw new Error(`${ctx.task.name}: ${reason}`);
    ctx.skip(reason);
  }
  const port = await freePort();
  const child = spawn(command, [...DNSMASQ, `--port=${port}`, ...more], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let log = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    log += text;
  });
  const ended = once(child, "exit");
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  const probe = encodeMessage(makeQuery(1, "core-1.masq.example", "A"));
  const isUp = async () => {
    if (child.exitCode !== null) throw new Error(`dnsmasq ended: ${log}`);
    return (await exchange(port, probe, 200)) !== undefined;
  };
  for (const deadline = performance.now() + 10_000; !(await isUp()); ) {
    if (performance.now() > deadline) throw new Error(`dnsmasq does not answer: ${log}`);
  }
  return port;
}
