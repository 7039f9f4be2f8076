// What cells print, led to the cell that printed it: also text that a timer or a server prints after its
// cell has ended.

import { AsyncLocalStorage } from "node:async_hooks";
import type { TextRing } from "./text-ring";
import type { ToServer } from "./threads";

/** One execution of a cell. */
export interface Run {
  request: number;
  label: string;
  /** The cell's id, or "In [n]". */
  cell: string;
  /** Nothing is sent for a silent execution. */
  silent: boolean;
}

export class Output {
  private readonly runs = new AsyncLocalStorage<Run>();
  private latest: Run | undefined;
  private readonly callbacks = new Map<() => void, number>();

  constructor(
    private readonly ring: TextRing,
    private readonly post: (message: ToServer) => void,
  ) {
    ring.onWake = () => post({ type: "text" });
  }

  /** Takes the place of the process's own streams. Text from outside any cell goes where it always went. */
  install(): void {
    for (const name of ["stdout", "stderr"] as const) {
      const stream = process[name];
      const original = stream.write.bind(stream) as (...args: unknown[]) => boolean;
      // A terminal behind the kernel must not put colour codes into notebooks.
      Object.defineProperty(stream, "isTTY", { value: false, configurable: true });
      const write = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
        const run = this.run;
        if (!run) return original(chunk, ...rest);
        const encoding = typeof rest[0] === "string" ? (rest[0] as BufferEncoding) : "utf8";
        this.write(run, name, typeof chunk === "string" ? Buffer.from(chunk, encoding) : chunk);
        const done = rest.at(-1);
        if (typeof done === "function") this.callLater(done as () => void);
        return true;
      };
      stream.write = write as typeof stream.write;
    }
  }

  /** console.log gives each write a callback: counted, they need no memory however many there are. */
  private callLater(callback: () => void): void {
    if (this.callbacks.size === 0) {
      process.nextTick(() => {
        const due = [...this.callbacks];
        this.callbacks.clear();
        for (const [call, times] of due) for (let i = 0; i < times; i++) call();
      });
    }
    this.callbacks.set(callback, (this.callbacks.get(callback) ?? 0) + 1);
  }

  /** The execution that the running code belongs to: the one that started it, or else the latest. */
  get run(): Run | undefined {
    return this.runs.getStore() ?? this.latest;
  }

  /** Runs a cell so that all it starts is led back to it. */
  enter<T>(run: Run, work: () => T): T {
    this.latest = run;
    return this.runs.run(run, work);
  }

  write(run: Run, name: "stdout" | "stderr", data: Uint8Array): void {
    if (run.silent || data.length === 0) return;
    if (this.ring.write(run.request, name, data)) this.post({ type: "text" });
  }

  /** Runs `work` as cells run, though not as part of one. */
  asCell<T>(work: () => T): T {
    return this.runs.run({ request: 0, label: "", cell: "", silent: true }, work);
  }

  /** Sends an iopub message after the text printed so far. */
  publish(run: Run, msgType: string, content: Record<string, unknown>): void {
    if (run.silent) return;
    const { request } = run;
    this.post({ type: "publish", request, msgType, content, textUntil: this.ring.written });
  }

  reply(request: number, content: Record<string, unknown>): void {
    this.post({ type: "reply", request, content, textUntil: this.ring.written });
  }
}
