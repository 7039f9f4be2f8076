// Queries per second of dns_server beside dnsmasq and a loop over node:dgram that answers without reading.
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { encodeMessage } from "../../src/dns/encode";
import { makeQuery } from "../../src/dns/exchange";
import { ADMIN_FOLDERS, findProgram, pathFolders } from "../../src/lab/find-program";
import { bind } from "../../src/sockets/udp";
import { type ComparedServer, compare } from "./peers/compare";
import { type Peer, startCommand } from "./peers/peer";

/** Queries in flight: few enough that no queue overflows and none is lost. */
const IN_FLIGHT = 32;
/** On loopback nothing is lost below that; a server that is silent for so long is broken. */
const SILENCE_MAX_MS = 2_000;
const START_MAX_MS = 10_000;
const PROBE_MS = 50;
export const NAME = "core-1.lab.example";
const QUERY = encodeMessage(makeQuery(0, NAME, "A"));

const SERVERS: readonly ComparedServer[] = [
  { name: "dns_server", file: "dns-lab.ts" },
  { name: "node:dgram, same answer to all", file: "dns-node.ts", baseline: true },
  { name: "dnsmasq", start: startDnsmasq },
];

/** Keeps 32 queries in flight for `ms`, each with an id of its own; resolves with the answers received. */
async function load(port: number, ms: number): Promise<number> {
  const socket = createSocket("udp4");
  socket.connect(port, "127.0.0.1");
  await once(socket, "connect");
  let done = 0;
  let id = 0;
  const ask = () => {
    id = (id + 1) & 0xffff;
    const query = Buffer.from(QUERY);
    query.writeUInt16BE(id);
    socket.send(query);
  };
  try {
    const end = performance.now() + ms;
    await new Promise<void>((resolve, reject) => {
      const watchdog = setInterval(() => {
        if (performance.now() > end + SILENCE_MAX_MS) reject(new Error("no answer"));
      }, SILENCE_MAX_MS);
      socket.on("close", () => clearInterval(watchdog));
      socket.on("error", reject);
      socket.on("message", (answer) => {
        // NOERROR with one answer; anything else is no exchange.
        if ((answer[3] & 0xf) !== 0 || answer[7] !== 1) reject(new Error("a wrong answer"));
        done += 1;
        if (performance.now() < end) ask();
        else resolve();
      });
      for (let i = 0; i < IN_FLIGHT; i++) ask();
    });
  } finally {
    socket.close();
  }
  return done;
}

/** @throws when there is none, or it does not answer */
async function startDnsmasq(): Promise<Peer> {
  const dnsmasq = findProgram(["dnsmasq"], [...pathFolders(), ...ADMIN_FOLDERS]);
  if (dnsmasq === undefined) throw new Error("it is not installed (Debian: dnsmasq-base)");
  const probe = await bind({ port: 0 });
  const { port } = probe.local; // free in a moment, and dnsmasq cannot be told to choose
  await probe.close();
  const options = [
    "--keep-in-foreground --conf-file=/dev/null --no-resolv --no-hosts --user= --group= --pid-file=",
    `--bind-interfaces --listen-address=127.0.0.1 --port=${port} --local-ttl=60`,
    `--host-record=${NAME},192.0.2.11`,
  ];
  const peer = await startCommand("sh", [
    "-c",
    `echo ${port}; exec ${dnsmasq} ${options.join(" ")} 2>/dev/null`,
  ]);
  for (const end = performance.now() + START_MAX_MS; !(await answers(port)); ) {
    if (performance.now() < end) continue;
    await peer.stop();
    throw new Error("it does not answer");
  }
  return peer;
}

async function answers(port: number): Promise<boolean> {
  const socket = await bind({ port: 0 });
  await socket.sendto(QUERY, { host: "127.0.0.1", port });
  const answer = await socket.recvfrom(512, { timeout: PROBE_MS }).catch(() => undefined);
  await socket.close();
  return answer !== undefined;
}

// dns_server decodes and encodes each message, which the baseline does not: its cost has no limit.
export const dns = () => compare("dns", "queries", SERVERS, load, Number.POSITIVE_INFINITY);
