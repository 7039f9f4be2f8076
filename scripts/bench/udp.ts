// Datagrams per second of a server on src/sockets beside node:dgram and a blocking loop in Python.
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { type ComparedServer, compare } from "./peers/compare";

/** Requests under way at once: few enough that no queue overflows and none is lost. */
const IN_FLIGHT = 32;
/** On loopback nothing is lost below that; a server that is silent for so long is broken. */
const SILENCE_MAX_MS = 2_000;
const MESSAGE = Buffer.from("Hello from UDP client!");

const SERVERS: readonly ComparedServer[] = [
  { name: "src/sockets", file: "udp-sockets.ts" },
  { name: "node:dgram", file: "udp-node.ts", baseline: true },
  { name: "Python, blocking", file: "udp_server.py" },
];

/** Keeps 32 requests under way for `ms`; resolves with the answers received. */
async function load(port: number, ms: number): Promise<number> {
  const socket = createSocket("udp4");
  socket.connect(port, "127.0.0.1");
  await once(socket, "connect");
  let done = 0;
  try {
    const end = performance.now() + ms;
    await new Promise<void>((resolve, reject) => {
      const watchdog = setInterval(() => {
        if (performance.now() > end + SILENCE_MAX_MS) reject(new Error("no answer"));
      }, SILENCE_MAX_MS);
      socket.on("close", () => clearInterval(watchdog));
      socket.on("error", reject);
      socket.on("message", () => {
        done += 1;
        if (performance.now() < end) socket.send(MESSAGE);
        else resolve();
      });
      for (let i = 0; i < IN_FLIGHT; i++) socket.send(MESSAGE);
    });
  } finally {
    socket.close();
  }
  return done;
}

export const udp = () => compare("udp", "datagrams", SERVERS, load);
