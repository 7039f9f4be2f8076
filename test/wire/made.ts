/** Recordings made by hand, for the tests of drawing. */
import { Recording } from "../../src/wire/recording";
import type { RecordedSocket, WireAction } from "../../src/wire/recording-data";

export type SocketAction = [socket: number, action: WireAction];

const HOST = "127.0.0.1";

export function bytes(text: string | Uint8Array): { bytes: number; head: string } {
  const data = Buffer.from(text as string);
  return { bytes: data.length, head: data.subarray(0, 1024).toString("latin1") };
}

export const send = (text: string | Uint8Array): WireAction => ({ type: "send", ...bytes(text) });
export const receive = (text: string | Uint8Array): WireAction => ({
  type: "receive",
  ...bytes(text),
});
export const call = (name: string, id: number): WireAction => ({ type: "call", call: name, id });
export const returned = (name: string, id: number, result: object = {}): WireAction => ({
  type: "return",
  call: name,
  id,
  ...result,
});

/** A recording of `actions`, one a millisecond. */
export function made(
  sockets: readonly RecordedSocket[],
  actions: readonly SocketAction[],
  names: Record<string, string> = {},
): Recording {
  const events = actions.map(([socket, action], at) => ({ ...action, at, socket }));
  return new Recording({ version: 1, sockets, events, names, notRecorded: 0 });
}

/** The sockets of one connection: 0 listens, 1 connects, 2 is the server's end. */
export function connection(serverPort = 8080, clientPort = 51_000): RecordedSocket[] {
  const server = { host: HOST, port: serverPort };
  const client = { host: HOST, port: clientPort };
  return [
    { kind: "tcp server", local: server },
    { kind: "tcp client", local: client, remote: server },
    { kind: "tcp accepted", local: server, remote: client, server: 0 },
  ];
}

export const LISTEN: SocketAction = [0, { type: "listen" }];
export const CONNECTED: SocketAction[] = [
  [1, { type: "connect", to: { host: HOST, port: 8080 } }],
  [2, { type: "accepted" }],
  [1, { type: "connected" }],
];

/** The server waits in accept() before the client connects. */
export const ACCEPTED: SocketAction[] = [
  LISTEN,
  [0, call("accept", 0)],
  ...CONNECTED,
  [0, returned("accept", 0, { accepted: 2 })],
];

/** A recording with `count` sends that all differ, there and back. */
export function conversation(count: number): Recording {
  const letters = (i: number) => String.fromCharCode(97 + (i % 26), 97 + Math.floor(i / 26));
  const actions: SocketAction[] = [LISTEN, ...CONNECTED];
  for (let i = 0; i < count; i++) actions.push([i % 2 === 0 ? 1 : 2, send(`line ${letters(i)}\n`)]);
  return made(connection(), actions);
}
