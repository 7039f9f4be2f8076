// What clients that hold a connection and ask for nothing cost an HTTP server: time for others, and memory.
import { connect, type Socket } from "node:net";
import type { HttpServerFile } from "./http-turns";
import { type Peer, startPeer } from "./peers/peer";
import { p99BesideSlowClients, SLOW_CLIENTS } from "./peers/slow-clients";
import type { BenchRow } from "./section";

const IDLE_CONNECTIONS = 10_000;
const OPENED_AT_ONCE = 200;
const SETTLE_MS = 1000;
/** What a normal client may wait for its answer while others are slow, in all but 1 of 100 cases. */
const MAX_P99_BESIDE_SLOW_MS = 100;

/** What measurements add to, as in a BenchSection. */
export interface Findings {
  readonly rows: BenchRow[];
  readonly missing: string[];
  readonly overLimit: string[];
}

/** Starts the servers one after the other, and says of each that cannot be measured why. */
async function measureEach(
  servers: readonly HttpServerFile[],
  way: string,
  missing: string[],
  measure: (peer: Peer, name: string) => Promise<void>,
): Promise<void> {
  for (const { name, file } of servers) {
    const peer = await startPeer(file);
    try {
      await measure(peer, name);
    } catch (error) {
      missing.push(`${way}: ${name}: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      await peer.stop();
    }
  }
}

/** Latency of normal clients, each on a connection of its own, beside many that never finish a head. */
export async function measureBesideSlow(
  ours: HttpServerFile,
  node: HttpServerFile,
  { rows, missing, overLimit }: Findings,
): Promise<void> {
  const way = `beside ${SLOW_CLIENTS} slow clients`;
  await measureEach([ours, node], way, missing, async (peer, name) => {
    const p99Ms = await p99BesideSlowClients(peer.port);
    const limit = name === ours.name ? MAX_P99_BESIDE_SLOW_MS : undefined;
    rows.push({ name: `${way}: ${name}`, limit, "p99 ms": p99Ms });
    if (limit !== undefined && p99Ms > limit) overLimit.push(`${way}: p99 is ${p99Ms} ms`);
  });
}

/** Memory with many connections, each of which has had one answer. */
export async function measureIdle(
  ours: HttpServerFile,
  node: HttpServerFile,
  { rows, missing, overLimit }: Findings,
): Promise<void> {
  const way = `${IDLE_CONNECTIONS} idle`;
  const sizes = new Map<string, number>();
  await measureEach([ours, node], way, missing, async (peer, name) => {
    const sockets: Socket[] = [];
    try {
      const before = peer.rssBytes();
      for (let opened = 0; opened < IDLE_CONNECTIONS; opened += OPENED_AT_ONCE) {
        const batch = Array.from({ length: OPENED_AT_ONCE }, () => askOnce(peer.port, sockets));
        await Promise.all(batch);
      }
      await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
      const after = peer.rssBytes();
      if (before === undefined || after === undefined) throw new Error("the system does not tell");
      sizes.set(name, after);
      const each = (after - before) / IDLE_CONNECTIONS / 1024;
      rows.push({ name: `${way}: ${name}`, "RSS MiB": after / 2 ** 20, "KiB each": each });
    } finally {
      for (const socket of sockets) socket.destroy();
    }
  });
  const [size, nodeSize] = [sizes.get(ours.name), sizes.get(node.name)];
  if (size && nodeSize && size > nodeSize)
    overLimit.push(`${way}: src/http holds more than node:http`);
}

function askOnce(port: number, sockets: Socket[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1" });
    sockets.push(socket);
    socket.once("data", () => resolve());
    socket.on("error", reject);
    socket.write("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
  });
}
