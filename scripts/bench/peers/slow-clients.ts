// How long normal clients wait while many others send a field line now and then and never end their head.
import { connect, type Socket } from "node:net";

export const SLOW_CLIENTS = 1_000;
const FIELD_EVERY_MS = 200;
const NORMAL_REQUESTS = 500;
const PERCENT = 99;

/** Milliseconds that 99 of 100 normal requests stay under, each on a connection of its own. */
export async function p99BesideSlowClients(port: number): Promise<number> {
  const slow: Socket[] = [];
  let timer: NodeJS.Timeout | undefined;
  try {
    for (let i = 0; i < SLOW_CLIENTS; i += 1) slow.push(await opened(port));
    for (const socket of slow) socket.write("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n");
    timer = setInterval(() => {
      for (const socket of slow) socket.write("X: y\r\n");
    }, FIELD_EVERY_MS);
    const waits: number[] = [];
    for (let i = 0; i < NORMAL_REQUESTS; i += 1) waits.push(await ask(port));
    if (slow.some((socket) => socket.destroyed)) throw new Error("a slow client was sent away");
    waits.sort((a, b) => a - b);
    return waits[Math.ceil((waits.length * PERCENT) / 100) - 1] ?? Number.NaN;
  } finally {
    clearInterval(timer);
    for (const socket of slow) socket.destroy();
  }
}

function opened(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1" }, () => resolve(socket));
    socket.on("error", reject);
    socket.resume();
  });
}

/** Milliseconds until the answer has begun to come. */
async function ask(port: number): Promise<number> {
  const begin = performance.now();
  const socket = await opened(port);
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once("data", () => resolve());
      socket.on("error", reject);
      socket.on("close", () => reject(new Error("closed without an answer")));
      socket.write("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
    });
    return performance.now() - begin;
  } finally {
    socket.destroy();
  }
}
