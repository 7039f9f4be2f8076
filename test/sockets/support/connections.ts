/** Connected sockets for a test, closed when it ends, and the raw peers of node:net beside them. */
import { once } from "node:events";
import net from "node:net";
import { onTestFinished, type TestContext } from "vitest";
import { SocketError, type SocketErrorCode } from "../../../src/sockets/errors";
import {
  type ConnectOptions,
  connect,
  listen,
  type TcpServer,
  type TcpSocket,
} from "../../../src/sockets/tcp";

/** A server on a port of the system's choice, closed when the test ends. */
export async function server(
  options: Partial<Parameters<typeof listen>[0]> = {},
): Promise<TcpServer> {
  const opened = await listen({ port: 0, ...options });
  onTestFinished(() => opened.close());
  return opened;
}

/** A client of `to`, reset when the test ends. */
export async function client(
  to: TcpServer,
  options: Partial<ConnectOptions> = {},
): Promise<TcpSocket> {
  const opened = await connect({ ...to.local, ...options });
  onTestFinished(() => opened.reset());
  return opened;
}

/** Both ends of one connection. */
export async function pair(
  options: Partial<Parameters<typeof listen>[0]> = {},
): Promise<{ here: TcpSocket; there: TcpSocket; server: TcpServer }> {
  const listening = await server(options);
  const here = await client(listening);
  const there = await listening.accept();
  onTestFinished(() => there.reset());
  return { here, there, server: listening };
}

/** One of our sockets with a plain socket of Node's at the other end, which can misbehave. */
export async function withRawPeer(): Promise<{ here: TcpSocket; raw: net.Socket }> {
  const listening = await server();
  const raw = await rawClient(listening.local.port);
  const here = await listening.accept();
  onTestFinished(() => here.reset());
  return { here, raw };
}

/** A plain client of Node's that reads nothing until it is told to; destroyed when the test ends. */
export async function rawClient(port: number): Promise<net.Socket> {
  const raw = net.connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  raw.on("error", () => {}); // what our side does to it is judged on our side
  onTestFinished(() => void raw.destroy());
  await once(raw, "connect");
  return raw;
}

/** A port where nobody listens: it was free a moment ago, and the system does not reuse it soon. */
export async function closedPort(): Promise<number> {
  const probe = await listen({ port: 0 });
  await probe.close();
  return probe.local.port;
}

/** The SocketError that a call rejects with; fails when it resolves or rejects otherwise. */
export async function failure(call: Promise<unknown>): Promise<SocketError> {
  const outcome = await call.then(
    (value) => new Error(`it resolved with ${String(value)}`),
    (error: unknown) => error,
  );
  if (outcome instanceof SocketError) return outcome;
  throw outcome;
}

/** The code that a call rejects with. */
export async function failureCode(call: Promise<unknown>): Promise<SocketErrorCode> {
  return (await failure(call)).code;
}

/** Skips the test, with the reason, on a machine without IPv6. */
export async function requireIPv6(ctx: TestContext): Promise<void> {
  try {
    await (await listen({ host: "::1", port: 0 })).close();
  } catch (error) {
    ctx.skip(`needs the IPv6 loopback address ::1: ${String(error)}`);
  }
}

/** All bytes until the end of the stream. */
export async function readAll(socket: TcpSocket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** A pattern of bytes that begins again after as many. */
const PERIOD = Buffer.from(Array.from({ length: 65_536 }, (_, i) => (i * 31 + (i >> 8)) & 0xff));

/** `length` bytes in which each position can be told from its neighbours. */
export function pattern(length: number): Buffer {
  return Buffer.alloc(length, PERIOD);
}
