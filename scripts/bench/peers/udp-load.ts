// Load on a UDP server: a fixed number of requests in flight.
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";

/** Few enough that no queue overflows and no request is lost. */
const IN_FLIGHT = 32;
/** On loopback nothing is lost below that; a server that is silent for so long is broken. */
const SILENCE_MAX_MS = 2_000;

/**
 * Keeps 32 requests in flight for `ms`; resolves with the answers received.
 * @param ask sends one request on the connected socket
 * @param isRight whether the answer is one to count; one that is not ends the load with an error
 */
export async function udpLoad(
  port: number,
  ms: number,
  ask: (socket: Socket) => void,
  isRight: (answer: Buffer) => boolean = () => true,
): Promise<number> {
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
      socket.on("message", (answer) => {
        if (!isRight(answer)) reject(new Error("a wrong answer"));
        done += 1;
        if (performance.now() < end) ask(socket);
        else resolve();
      });
      for (let i = 0; i < IN_FLIGHT; i++) ask(socket);
    });
  } finally {
    socket.close();
  }
  return done;
}
