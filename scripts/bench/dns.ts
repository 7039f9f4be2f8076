// Queries per second of dns_server beside dnsmasq and a loop over node:dgram that answers without reading.
import type { Socket } from "node:dgram";
import { encodeMessage } from "../../src/dns/encode";
import { makeQuery } from "../../src/dns/exchange";
import { ADMIN_FOLDERS, findProgram, pathFolders } from "../../src/lab/find-program";
import { bind } from "../../src/sockets/udp";
import { type ComparedServer, compare } from "./peers/compare";
import { type Peer, startCommand } from "./peers/peer";
import { udpLoad } from "./peers/udp-load";

const START_MAX_MS = 10_000;
const PROBE_MS = 50;
export const NAME = "core-1.lab.example";
const QUERY = encodeMessage(makeQuery(0, NAME, "A"));

const SERVERS: readonly ComparedServer[] = [
  { name: "dns_server", file: "dns-lab.ts" },
  { name: "node:dgram, same answer to all", file: "dns-node.ts", baseline: true },
  { name: "dnsmasq", start: startDnsmasq },
];

/** Keeps queries in flight for `ms`, each with an id of its own; resolves with the answers received. */
function load(port: number, ms: number): Promise<number> {
  let id = 0;
  const ask = (socket: Socket) => {
    id = (id + 1) & 0xffff;
    const query = Buffer.from(QUERY);
    query.writeUInt16BE(id);
    socket.send(query);
  };
  return udpLoad(port, ms, ask, isRight);
}

/** NOERROR with one answer; anything else is no exchange. */
function isRight(answer: Buffer): boolean {
  return (answer[3] & 0xf) === 0 && answer[7] === 1;
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
