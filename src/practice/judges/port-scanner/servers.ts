/** Servers for the scanner to find, on an address that no other program of this machine uses. */
import { type AddressInfo, createServer, type Socket } from "node:net";
import { ownAddress } from "../../../lab/own-address";
import { unusedPort } from "../../../lab/unused-port";
import type { Bench } from "../../judge";

/** What a server does with a client; by default nothing. */
export type Talk = (client: Socket) => void;

export interface Served {
  readonly port: number;
  close(): Promise<void>;
}

let address: Promise<string> | undefined;

/** The address that is scanned. */
export function scannedHost(): Promise<string> {
  address ??= ownAddress();
  return address;
}

/** A server, closed at the end of the step. By default on a port of the system's choice. */
export async function serve(bench: Bench, talk: Talk = () => {}, port = 0): Promise<Served> {
  const host = await scannedHost();
  const clients = new Set<Socket>();
  const server = createServer((client) => {
    clients.add(client.on("error", () => {}).on("close", () => clients.delete(client)));
    talk(client);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen({ host, port }, resolve);
  });
  let closed: Promise<void> | undefined;
  const close = () => {
    closed ??= new Promise((resolve) => {
      server.close(() => resolve());
      for (const client of clients) client.destroy();
    });
    return closed;
  };
  bench.after(close);
  return { port: (server.address() as AddressInfo).port, close };
}

/** A server on a port below those that systems lend out. */
export async function serveLow(bench: Bench): Promise<Served> {
  return serve(bench, undefined, await unusedPort(await scannedHost()));
}

/** A port of the system's choice on which nobody listens any more. */
export async function justClosed(bench: Bench): Promise<number> {
  const server = await serve(bench);
  await server.close();
  return server.port;
}
