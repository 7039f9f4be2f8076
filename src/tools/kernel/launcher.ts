// Starts a kernel in this process: the server thread first, so that front ends can connect while the
// compiler loads.

import { once } from "node:events";
import { readFileSync } from "node:fs";
import path from "node:path";
import { setFlagsFromString } from "node:v8";
import { MessageChannel, Worker } from "node:worker_threads";
import { Compiler } from "./compiler";
import { readConnectionFile } from "./connection";
import { Engine } from "./engine";
import { reportLateErrors } from "./late-errors";
import { Output } from "./output";
import { refuseInput } from "./repairs/no-input";
import { refuseProcessExit } from "./repairs/process-exit";
import { hidePromiseInternals } from "./repairs/promise-internals";
import { Resources } from "./resources";
import { Sources } from "./sources";
import { TextRing } from "./text-ring";
import { type ServerOptions, SharedState, type ToEngine, type ToServer } from "./threads";
import { installStackTraces } from "./traceback";
import { tslabVersions } from "./tslab";

export interface LaunchOptions {
  /** The repository: cells import from here, and packages are found here. */
  root: string;
  connectionFile: string;
  /** The built kernel (see kernel-build.mjs). */
  directory: string;
  /** Whether what makes the next start quicker may be kept there. */
  keep?: boolean;
  /** Of a snapshot, where it is loaded already. */
  compiler?: Compiler;
}

/**
 * Runs a kernel until it is shut down or its front end has gone. Resolves when everything is loaded.
 * @throws Error when the connection file cannot be read; InstallationError when tslab is missing or not the version that this kernel knows.
 */
export async function launch(options: LaunchOptions): Promise<void> {
  const { root, connectionFile, directory, keep } = options;
  deferOptimisation();
  readConnectionFile(connectionFile); // to complain at once
  const versions = { kernel: ownVersion(root), ...tslabVersions(root) };
  const ringMemory = TextRing.allocate();
  const stateMemory = SharedState.allocate();
  const signals = new MessageChannel();
  const workerData: ServerOptions = {
    root,
    signals: signals.port1,
    connectionFile,
    versions,
    ring: ringMemory,
    state: stateMemory,
  };
  const server = new Worker(path.join(directory, "server.mjs"), {
    workerData,
    transferList: [signals.port1],
  });
  const post = (message: ToServer) => server.postMessage(message);
  server.on("error", (error) => {
    process.stderr.write(`${error.message}\n`);
    exit(1);
  });

  const exit = refuseProcessExit();
  const state = new SharedState(stateMemory);
  const sources = new Sources(root);
  const ring = new TextRing(ringMemory);
  ring.giveUp = () => state.endLoops;
  const output = new Output(ring, post);
  const resources = new Resources(() => output.run?.cell);
  const compiler =
    options.compiler ?? new Compiler(root, keep ? { code: directory, modules: directory } : {});
  compiler.state = state;
  const engine = new Engine(
    root,
    compiler,
    sources,
    output,
    state,
    (interrupt) => post({ type: "interrupted", interrupt }),
    resources,
  );
  installStackTraces(sources);
  const clearStacks = reportLateErrors(output, sources);
  output.install();
  hidePromiseInternals((work) => output.asCell(work));
  refuseInput();
  process.on("SIGINT", engine.onSigint);

  server.on("message", (message: ToEngine) => {
    switch (message.type) {
      case "request":
        return engine.handle(message);
      case "interrupt":
        return engine.interrupt(message.interrupt);
      case "terminated":
        return clearStacks();
      case "shutdown":
        return exit(0);
    }
  });
  // Until this thread runs, the listener above takes signals.
  const signalThread = new Worker(path.join(directory, "signals.mjs"), {
    workerData: { port: signals.port2 },
    transferList: [signals.port2],
  });
  const loaded = once(signalThread, "message");
  resources.install(); // from here on, what is opened is the cells'
  post({ type: "ready" });
  await loaded;
}

/**
 * V8 optimises what has run for a while. TypeScript's code is large and each part of it runs briefly:
 * optimising it later saves a fifth of the processor time of a start, and costs none. The flag is gone from
 * later releases, which gain nothing measurable from the flags that they have in its place.
 */
function deferOptimisation(): void {
  if (process.versions.node.startsWith("20.")) setFlagsFromString("--interrupt-budget=1000000");
}

function ownVersion(root: string): string {
  return JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")).version;
}
