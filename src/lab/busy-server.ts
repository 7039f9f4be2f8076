// A server whose program is too busy to accept, so that its queue of connections fills up; or several.

import { Worker } from "node:worker_threads";

// A thread of its own, as it will not do anything else any more. The ports are told first.
const BUSY = `
  const { parentPort, workerData } = require("node:worker_threads");
  const { host, backlog, count } = workerData;
  const ports = [];
  for (let i = 0; i < count; i++) {
    const server = require("node:net").createServer();
    server.listen({ host, port: 0, backlog }, () => {
      if (ports.push(server.address().port) < count) return;
      parentPort.postMessage(ports);
      setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
    });
  }`;

export interface BusyServer {
  readonly port: number;
  /** The port of each, where there are several. */
  readonly ports: readonly number[];
  /** Ends the program; the connections in its queue are reset. */
  stop(): Promise<void>;
}

/** Listens and never accepts. The system keeps about `backlog` connections for it. */
export async function startBusyServer(
  backlog: number,
  host = "127.0.0.1",
  count = 1,
): Promise<BusyServer> {
  const worker = new Worker(BUSY, { eval: true, workerData: { host, backlog, count } });
  const ports = await new Promise<number[]>((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
  });
  const [port = 0] = ports;
  return { port, ports, stop: async () => void (await worker.terminate()) };
}
