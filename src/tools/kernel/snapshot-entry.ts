// What a snapshot is made from: Node runs this once, keeps the heap that it leaves, and later starts
// kernels from there. Only the compiler is in it. Threads, sockets and async hooks are Node's own state,
// which a snapshot must not hold: the launcher loads them when a kernel starts.

import { once } from "node:events";
import { startupSnapshot } from "node:v8";
import { Compiler } from "./compiler";
import { PROBE_ARGUMENT, snapshotOptions } from "./snapshot-options";

/** Uses what most cells use, so that it is loaded, bound and compiled already. */
const WARM_UP = `
import net from "node:net";
class Counter { #count = 0; next(step = 1): number { return (this.#count += step); } }
const counter = new Counter();
const server = net.createServer((socket) => socket.end(\`\${counter.next()}\`));
for (const [name, value] of Object.entries({ server })) console.log(name, value.listening);
try { await Promise.all([1].map(async (n) => n + 1)); } catch (error) { console.error(error); }
counter.next()
`;
const STACK_FRAMES = 10;

const root = process.cwd();
const directory = process.argv[2] as string;
const compiler = new Compiler(root, { modules: directory });
compiler.compile(WARM_UP, "warm-up");

startupSnapshot.setDeserializeMainFunction(() => {
  const exit = process.exit.bind(process); // cells get another one
  Error.stackTraceLimit = STACK_FRAMES; // not in a snapshot
  // Processes and threads that cells start do not start from the snapshot.
  const given = snapshotOptions("");
  const at = process.execArgv.indexOf(given[0] as string);
  if (at >= 0) process.execArgv.splice(at, given.length);
  start().catch((error: Error) => {
    process.stderr.write(`${error.message}\n`);
    exit(1);
  });
});

/** Loads in a thread what the server, and what cells' threads, load. */
const THREAD_PROBE = [
  "child_process",
  "crypto",
  "dgram",
  "http",
  "https",
  "net",
  "tls",
  "worker_threads",
]
  .map((name) => `require("node:${name}");`)
  .join("");

/** Called as kernel.mjs is: with itself and the connection file. */
async function start(): Promise<void> {
  if (process.argv[2] === PROBE_ARGUMENT) {
    const { Worker } = await import("node:worker_threads");
    await once(new Worker(THREAD_PROBE, { eval: true }), "exit");
    return;
  }
  const { launch } = await import("./launcher");
  await launch({ root, connectionFile: process.argv[2] as string, directory, compiler });
}
