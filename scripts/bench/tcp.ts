// Connections per second of a server on src/sockets beside node:net and a blocking loop in Python.
import { connect } from "node:net";
import { type ComparedServer, compare } from "./peers/compare";

const CLIENTS = 32;
const MESSAGE = "Hello from client!";

const SERVERS: readonly ComparedServer[] = [
  { name: "src/sockets", file: "tcp-sockets.ts" },
  { name: "node:net", file: "tcp-node.ts", baseline: true },
  { name: "Python, blocking", file: "tcp_server.py" },
];

/** One connection: send, read to the end, close. */
function exchange(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1" });
    let received = 0;
    socket.on("data", (chunk) => {
      received += chunk.length;
    });
    socket.on("error", reject);
    socket.on("close", () => (received > 0 ? resolve() : reject(new Error("no answer"))));
    socket.write(MESSAGE);
  });
}

/** Runs 32 clients for `ms`, each of which connects again and again; resolves with the connections made. */
async function load(port: number, ms: number): Promise<number> {
  const end = performance.now() + ms;
  let done = 0;
  async function client(): Promise<void> {
    while (performance.now() < end) {
      await exchange(port);
      done += 1;
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return done;
}

export const tcp = () => compare("tcp", "connections", SERVERS, load);
