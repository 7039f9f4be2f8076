/** Real exchanges for the tests of the recorder, on ports that the system chooses. */
import dgram from "node:dgram";
import { channel } from "node:diagnostics_channel";
import { once } from "node:events";
import net from "node:net";
import { onTestFinished } from "vitest";
import { CALL_CHANNEL, type CallMessage, type CallName } from "../../src/wire/call-channel";
import { type Recorder, type RecordOptions, record } from "../../src/wire/record";

export const HOST = "127.0.0.1";
const DEADLINE_MS = 10_000;

/** A recorder that is stopped when the test is over, whatever happens. */
export function recording(options?: RecordOptions): Recorder {
  const wire = record(options);
  onTestFinished(() => void wire.stop());
  return wire;
}

export function portOf(server: net.Server): number {
  return (server.address() as net.AddressInfo).port;
}

export async function tcpServer(
  serve: (socket: net.Socket) => void,
  options: net.ServerOpts = {},
): Promise<net.Server> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer(options, (socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    serve(socket);
  });
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  });
  server.listen(0, HOST);
  await once(server, "listening");
  return server;
}

export async function tcpClient(port: number, options: object = {}): Promise<net.Socket> {
  const socket = net.connect({ port, host: HOST, ...options });
  onTestFinished(() => void socket.destroy());
  await once(socket, "connect");
  socket.on("error", () => {});
  return socket;
}

/** The 'close' event, also of a socket that fails; at once if it is closed. */
export function closed(socket: net.Socket): Promise<void> {
  if (socket.closed) return Promise.resolve();
  return new Promise((resolve) => socket.once("close", () => resolve()));
}

export function serverClosed(server: net.Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

export async function udp(port = 0): Promise<dgram.Socket> {
  const socket = dgram.createSocket("udp4");
  let open = true;
  socket.once("close", () => {
    open = false;
  });
  onTestFinished(() => {
    if (open) socket.close();
  });
  socket.bind(port, HOST);
  await once(socket, "listening");
  return socket;
}

/** Waits for a condition, looking again on every turn of the event loop, but not for ever. */
export async function until(holds: () => boolean, what: string): Promise<void> {
  const deadline = Date.now() + DEADLINE_MS;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Announces a call as src/sockets does; the result announces its end. */
export function announce(
  call: CallName,
  target: CallMessage["target"],
): (end?: Partial<CallMessage>) => void {
  const id = {};
  channel(CALL_CHANNEL).publish({ phase: "start", call, id, target });
  return (end) => channel(CALL_CHANNEL).publish({ phase: "end", call, id, target, ...end });
}

/** A program with one connection: the server answers `answer` to the first bytes, and closes. */
export async function oneExchange(answer = "Hello! You are connection #1"): Promise<void> {
  const server = await tcpServer((socket) => socket.once("data", () => socket.end(answer)), {
    allowHalfOpen: true,
  });
  const client = await tcpClient(portOf(server));
  client.write("Hello from client!");
  await once(client, "data");
  client.end();
  await closed(client);
  await serverClosed(server);
}
