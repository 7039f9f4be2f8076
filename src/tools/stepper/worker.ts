/** Work that takes a while: one piece at a time. Keys pressed during something short are for what comes then. */
import type { Key } from "../terminal/keys";
import { type Action, type Activity, type Decision, notify, type Tools, type Work } from "./model";
import { SPINNER_FRAME_MS } from "./state-text";

const MAX_WAITING_KEYS = 32;

export interface WorkerEvents {
  /** Time passes: how long it takes is drawn. */
  onTick(): void;
  /** The work is over, and this is to be decided. */
  onEnd(decision: Decision): void;
  /** A key that was pressed meanwhile. */
  onKey(key: Key): void;
}

export class Worker {
  readonly #events: WorkerEvents;
  #activity: Activity | undefined;
  #waiting: Key[] = [];

  constructor(events: WorkerEvents) {
    this.#events = events;
  }

  get activity(): Activity | undefined {
    return this.#activity;
  }

  /** Begins the work, unless other work is going on. */
  start({ label, work, stop }: Work, tools: Tools): void {
    if (this.#activity) return;
    this.#activity = {
      label,
      started: performance.now(),
      ...(stop && { stop: () => stop(tools) }),
    };
    const ticks = setInterval(() => this.#events.onTick(), SPINNER_FRAME_MS).unref();
    const end = (decision: Decision): void => {
      clearInterval(ticks);
      this.#activity = undefined;
      this.#events.onEnd(decision);
      this.#pressWaiting();
    };
    work(tools).then(
      (decision) => end(decision ?? (() => [])),
      (error: unknown) => end(() => [failure(error)]),
    );
  }

  /** Says how far the work is. */
  report(progress: Pick<Activity, "label" | "progress">): void {
    if (this.#activity) this.#activity = { ...this.#activity, ...progress };
  }

  /** True when the key waits until the work is over. */
  keeps(key: Key): boolean {
    if (!this.#activity || this.#activity.stop) return false;
    if (!key.pasted && this.#waiting.length < MAX_WAITING_KEYS) this.#waiting.push(key);
    return true;
  }

  forgetKeys(): void {
    this.#waiting = [];
  }

  #pressWaiting(): void {
    while (!this.#activity) {
      const key = this.#waiting.shift();
      if (!key) return;
      this.#events.onKey(key);
    }
  }
}

function failure(error: unknown): Action {
  return notify(error instanceof Error ? error.message : String(error), "error");
}
