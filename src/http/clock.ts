/** The server's clock: one timer for all connections, and the Date field written once a second. */

const SHORTEST_TICK_MS = 5;
const LONGEST_TICK_MS = 500;
/** A tick is this part of the shortest timeout, so that none runs over by more than that. */
const TICKS_PER_TIMEOUT = 8;
const SECOND_MS = 1000;

export class Clock {
  /** Milliseconds, as of the last tick. */
  now = performance.now();
  readonly tickMs: number;
  readonly #timer: NodeJS.Timeout;
  #dateSecond = -1;
  #dateLine = "";

  /**
   * @param shortestTimeoutMs that is to be kept to
   * @param onTick called after each tick
   */
  constructor(shortestTimeoutMs: number, onTick: () => void) {
    const wanted = shortestTimeoutMs / TICKS_PER_TIMEOUT;
    this.tickMs = Math.min(LONGEST_TICK_MS, Math.max(SHORTEST_TICK_MS, wanted));
    this.#tick();
    this.#timer = setInterval(() => {
      this.#tick();
      onTick();
    }, this.tickMs).unref();
  }

  /** `Date: ...` with its CRLF (RFC 9110, 6.6.1 and 5.6.7). */
  get dateLine(): string {
    return this.#dateLine;
  }

  /** When what starts now will have taken `timeoutMs`; never too early. */
  after(timeoutMs: number): number {
    return this.now + this.tickMs + timeoutMs;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #tick(): void {
    this.now = performance.now();
    const time = Date.now();
    const second = Math.floor(time / SECOND_MS);
    if (second === this.#dateSecond) return;
    this.#dateSecond = second;
    this.#dateLine = `Date: ${new Date(time).toUTCString()}\r\n`;
  }
}
