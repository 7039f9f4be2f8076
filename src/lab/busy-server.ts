// A server whose program is too busy to accept, so that its queue of connections fills up.

import { Worker } from "node:worker_threads";

// A thread of its own, as it will not do anything else any more. The port is told first.
const BUSY = `
  const { parentPort, workerData } = require("node:worker_threads");
  const server = require("node:net").createServer();
  server.listen({ host: workerData.host, port: 0, backlog: workerData.backlog }, () => {
    parentPort.postMessage(server.address().port);
    setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
  });`;

export interface BusyServer {
  readonly port: number;
  /** Ends the program; whoever waits in its queue is reset. */
  stop(): Promise<void>;
}

/** Listens and never accepts. The system keeps about `backlog` connections for it. */
export async function startBusyServer(backlog: number, host = "127.0.0.1"): Promise<BusyServer> {
  const worker = new Worker(BUSY, { eval: true, workerData: { host, backlog } });
  const port = await new Promise<number>((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
  });
  return { port, stop: async () => void (await worker.terminate()) };
}
