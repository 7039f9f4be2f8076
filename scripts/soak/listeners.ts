// Servers for a scanner to find, and the system's own list of who listens.

import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { tableAddress, tcpSockets } from "../../src/lab/tcp-table";

/** Half of the servers listen where the system lends out no ports to clients. */
const LOW_PORTS = { first: 2_000, last: 32_000 } as const;
const TRIES_MAX = 1_000;

/** What the servers do with a client: each in its own way ends, or does not. */
const MANNERS: readonly ((client: Socket) => void)[] = [
  () => {}, // says nothing
  (client) => client.end("220 ready when you are\r\n"),
  (client) => client.resetAndDestroy(),
  (client) => client.end(),
  (client) => client.once("data", () => client.end("HTTP/1.1 200 OK\r\nServer: soak\r\n\r\n")),
];

export interface Listeners {
  /** Rising. */
  readonly ports: readonly number[];
  close(): Promise<void>;
}

/** Starts `count` servers on `host`: on ports of the system's choice, and on low ones by chance. */
export async function startListeners(count: number, host: string): Promise<Listeners> {
  const servers: Server[] = [];
  const clients = new Set<Socket>();
  const { first, last } = LOW_PORTS;
  for (let tries = 0; servers.length < count && tries < TRIES_MAX; tries += 1) {
    const low = servers.length % 2 === 0;
    const port = low ? first + Math.floor(Math.random() * (last - first)) : 0;
    const manner = MANNERS[servers.length % MANNERS.length];
    const server = createServer((client) => {
      clients.add(client.on("error", () => {}).on("close", () => clients.delete(client)));
      manner?.(client);
    });
    const listens = await new Promise<boolean>((resolve) => {
      server.once("error", () => resolve(false)).listen(port, host, () => resolve(true));
    });
    if (listens) servers.push(server);
  }
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  return {
    ports: ports.sort((a, b) => a - b),
    async close() {
      const closed = servers.map((server) => new Promise((resolve) => server.close(resolve)));
      for (const client of clients) client.destroy();
      await Promise.all(closed);
    },
  };
}

/** 0.0.0.0 and ::, as /proc/net writes them. */
const EVERY_ADDRESS = ["00000000", "00000000000000000000000000000000"];
const MAPPED = "0000000000000000FFFF0000"; // ::ffff:0:0/96

/** The ports on which anybody listens for an IPv4 address; undefined where the system does not tell so. */
export function listeningPorts(host: string): Set<number> | undefined {
  const address = tableAddress(host);
  const reached = [...EVERY_ADDRESS, address, MAPPED + address];
  const listening = tcpSockets("LISTEN")?.filter((row) => reached.includes(row.localAddress));
  return listening && new Set(listening.map(({ localPort }) => localPort));
}
