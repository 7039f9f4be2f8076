// What cells opened and did not close: servers, sockets, timers, child processes.

import { ChildProcess } from "node:child_process";
import dgram from "node:dgram";
import { syncBuiltinESMExports } from "node:module";
import net from "node:net";
import timers from "node:timers";
import timersPromises from "node:timers/promises";
import { promisify } from "node:util";
import type { OpenResource } from "./open-resource";

interface Timer {
  detail: string;
  cell: string | undefined;
  isOpen(): boolean;
}

/** Ended timers are forgotten when this many are remembered, and then at twice the open ones. */
const MIN_TIMERS_BEFORE_SWEEP = 256;
/** Turns of the event loop that a closing handle may take to be gone. */
const CLOSING_TURNS = 3;

const originalSetImmediate = setImmediate;

export class Resources {
  private readonly timers = new Set<Timer>();
  private sweepAt = MIN_TIMERS_BEFORE_SWEEP;
  private readonly cells = new WeakMap<object, string>();
  private baseline = new WeakSet<object>();

  /** @param currentCell names the cell that the running code belongs to. */
  constructor(private readonly currentCell: () => string | undefined) {}

  /** Everything open now is the kernel's own; timers that start from now on are remembered. */
  install(): void {
    this.baseline = new WeakSet(activeHandles());
    this.trackTimers();
  }

  /** Notes which handles are new. */
  afterCell(cell: string): void {
    for (const handle of activeHandles()) {
      if (!this.cells.has(handle)) this.cells.set(handle, cell);
    }
  }

  async list(): Promise<OpenResource[]> {
    for (let turn = 0; turn < CLOSING_TURNS; turn++) {
      await new Promise((resolve) => originalSetImmediate(resolve));
    }
    const handles = activeHandles().filter((handle) => !this.baseline.has(handle));
    const pipesOfChildren = new Set(
      handles.flatMap((handle) => (handle instanceof ChildProcess ? handle.stdio : [])),
    );
    const open: OpenResource[] = [];
    for (const handle of handles) {
      const told = pipesOfChildren.has(handle as never) ? undefined : describe(handle);
      if (told) open.push(withCell(told, this.cells.get(handle) ?? this.currentCell()));
    }
    for (const timer of this.timers) {
      if (timer.isOpen()) open.push(withCell({ kind: "timer", detail: timer.detail }, timer.cell));
    }
    return open;
  }

  private remember(detail: string, isOpen: () => boolean): void {
    if (this.timers.size >= this.sweepAt) {
      for (const timer of this.timers) if (!timer.isOpen()) this.timers.delete(timer);
      this.sweepAt = Math.max(MIN_TIMERS_BEFORE_SWEEP, 2 * this.timers.size);
    }
    this.timers.add({ detail, cell: this.currentCell(), isOpen });
  }

  /** Node does not tell which timers are open: the functions that start them are wrapped. */
  private trackTimers(): void {
    const { setTimeout, setInterval } = timers;
    const { setTimeout: sleep, setInterval: tick } = timersPromises;
    const wrap = <F extends typeof setTimeout | typeof setInterval>(start: F, what: string): F => {
      const tracked = (...args: Parameters<typeof setTimeout>) => {
        const timer = (start as typeof setTimeout)(...args);
        this.remember(`${what} ${Number(args[1] ?? 0)} ms`, () => isRunning(timer));
        return timer;
      };
      return tracked as unknown as F; // overloads and all
    };
    const trackedSleep: typeof sleep = (delay, value, options) => {
      const promise = sleep(delay, value, options);
      let open = options?.ref !== false;
      const close = () => {
        open = false;
      };
      promise.then(close, close);
      this.remember(`setTimeout ${Number(delay ?? 0)} ms, awaited`, () => open);
      return promise;
    };
    const remember = this.remember.bind(this);
    const trackedTick = async function* <T>(
      delay?: number,
      value?: T,
      options?: Parameters<typeof tick>[2],
    ) {
      let open = options?.ref !== false;
      remember(`setInterval every ${Number(delay ?? 0)} ms, awaited`, () => open);
      try {
        yield* tick(delay, value, options) as AsyncIterable<T>;
      } finally {
        open = false;
      }
    };
    timers.setTimeout = wrap(setTimeout, "setTimeout");
    timers.setInterval = wrap(setInterval, "setInterval every");
    Object.defineProperty(timers.setTimeout, promisify.custom, { value: trackedSleep });
    timersPromises.setTimeout = trackedSleep;
    timersPromises.setInterval = trackedTick as typeof tick;
    globalThis.setTimeout = timers.setTimeout;
    globalThis.setInterval = timers.setInterval;
    syncBuiltinESMExports();
  }
}

/** Active handles that keep the process alive, as the objects that learners know. */
function activeHandles(): object[] {
  // Undocumented, but the only list there is.
  return (process as unknown as { _getActiveHandles(): object[] })._getActiveHandles();
}

function isRunning(timer: NodeJS.Timeout): boolean {
  return timer.hasRef() && !(timer as unknown as { _destroyed: boolean })._destroyed;
}

function withCell(resource: OpenResource, cell: string | undefined): OpenResource {
  return cell === undefined ? resource : { ...resource, cell };
}

/** Undefined for what is closing already. */
function describe(handle: object): OpenResource | undefined {
  if (handle instanceof net.Server) {
    const address = handle.address();
    if (!handle.listening || address === null) return undefined;
    return typeof address === "string"
      ? { kind: "pipe server", detail: `listening on ${address}` }
      : { kind: "tcp server", detail: `listening on ${format(address.address, address.port)}` };
  }
  if (handle instanceof net.Socket) return describeSocket(handle);
  if (handle instanceof dgram.Socket) {
    try {
      const { address, port } = handle.address();
      return { kind: "udp socket", detail: `bound to ${format(address, port)}` };
    } catch {
      return { kind: "udp socket", detail: "not bound" };
    }
  }
  if (handle instanceof ChildProcess) {
    return { kind: "child process", detail: `pid ${handle.pid}: ${handle.spawnargs.join(" ")}` };
  }
  const name = handle.constructor?.name ?? "handle";
  return { kind: name.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase(), detail: name };
}

function describeSocket(socket: net.Socket): OpenResource | undefined {
  if (socket.destroyed) return undefined;
  const { localAddress, localPort, remoteAddress, remotePort } = socket;
  if (localAddress === undefined || localPort === undefined) {
    return socket.connecting
      ? { kind: "tcp socket", detail: "connecting" }
      : { kind: "pipe", detail: "open" };
  }
  const local = format(localAddress, localPort);
  if (remoteAddress === undefined || remotePort === undefined) {
    return {
      kind: "tcp socket",
      detail: `${local}, ${socket.connecting ? "connecting" : "disconnected"}`,
    };
  }
  return {
    kind: "tcp socket",
    detail: `${local} connected to ${format(remoteAddress, remotePort)}`,
  };
}

function format(host: string, port: number): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
