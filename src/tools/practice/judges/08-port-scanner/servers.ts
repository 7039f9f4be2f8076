/** Servers for the scanner to find, on an address that nobody else uses. */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { unusedPort } from "../../../../lab/unused-port";
import type { StepContext } from "../../judging/judge";
import { stepAddress } from "../../peers/step-address";

/** What a server does with a client; by default nothing. */
export type ClientHandler = (client: Socket) => void;

export interface Served {
  readonly port: number;
  close(): Promise<void>;
}

/** The address that is scanned. */
export const scannedHost = stepAddress;

/** A server, closed at the end of the step. By default on a port of the system's choice. */
export async function serve(
  context: StepContext,
  handle: ClientHandler = () => {},
  port = 0,
): Promise<Served> {
  const host = await scannedHost(context);
  const clients = new Set<Socket>();
  const server = createServer((client) => {
    clients.add(client.on("error", () => {}).on("close", () => clients.delete(client)));
    handle(client);
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
  context.after(close);
  return { port: (server.address() as AddressInfo).port, close };
}

/** A server on a port below those that systems lend out. */
export async function serveLow(context: StepContext): Promise<Served> {
  return serve(context, undefined, await unusedPort(await scannedHost(context)));
}

/**
 * A port of the system's choice on which nobody listens: the near end of a connection, so that the system
 * lends it to nobody else as long as the step goes on.
 */
export async function closedPort(context: StepContext): Promise<number> {
  const host = await scannedHost(context);
  const { port } = await serve(context);
  const client = connect({ host, port, localAddress: host });
  context.after(() => void client.destroy());
  await once(client, "connect");
  return client.localPort ?? 0;
}
