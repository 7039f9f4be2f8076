// The signal thread: tells the server thread of each SIGINT, also while the main thread is busy. Node
// hands signals to the main thread only; but a script that runs with `breakOnSigint` is ended by one in
// whichever thread it runs.

import vm from "node:vm";
import { type MessagePort, parentPort, workerData } from "node:worker_threads";

const { port } = workerData as { port: MessagePort };
const never = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));

/** Runs `work` until SIGINT ends it, and tells of that. */
function untilSignal(work: () => void): void {
  try {
    (globalThis as { work?: () => void }).work = work;
    vm.runInThisContext("work()", { breakOnSigint: true });
  } catch {
    port.postMessage("SIGINT");
  }
}

parentPort?.postMessage("loaded");
// The outer run keeps the handler in place while the inner one, ended by a signal, is started again:
// without a handler, SIGINT would end the process.
for (;;) {
  untilSignal(() => {
    for (;;) untilSignal(() => Atomics.wait(never, 0, 0));
  });
}
