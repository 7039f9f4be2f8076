// Ends what the main thread runs, also a loop that never yields. Lives in the server thread.

import { Session } from "node:inspector";
import type { SharedState } from "./threads";

/** How long the main thread may take to notice before its loops are told to end. */
const NOTICE_MS = 150;
/**
 * How long loops may take to end before that is done by force. On a busy machine the main thread has no
 * processor for a while, and an end by force that comes after the loop's own hits the kernel itself.
 */
const LOOPS_NOTICE_MS = 600;
/** A cell that catches every end of its loops is not waited for again and again. */
const MAX_LOOP_ENDS = 20;
/** The compiler is never ended half-way; look again after this time. */
const COMPILING_MS = 20;
/** Several callbacks may each hold a loop; give up after this many were ended. */
const MAX_FORCED_ENDS = 40;

export class Interrupter {
  private session: Session | undefined;
  private acknowledged = 0;
  private wanted = 0;
  private busy = false;

  constructor(
    private readonly state: SharedState,
    private readonly post: (
      message: { type: "interrupt"; interrupt: number } | { type: "terminated" },
    ) => void,
    /** Called when an interrupt begins (true) and when the main thread has noticed it (false). */
    private readonly onPending: (pending: boolean) => void,
  ) {}

  interrupt(): void {
    this.wanted = this.state.countInterrupt();
    this.post({ type: "interrupt", interrupt: this.wanted });
    if (!this.busy) void this.insist();
  }

  acknowledge(interrupt: number): void {
    this.acknowledged = Math.max(this.acknowledged, interrupt);
  }

  private async insist(): Promise<void> {
    this.busy = true;
    this.onPending(true);
    try {
      let loopsEnded = this.state.loopsEnded;
      let loopEndsSeen = 0;
      for (let ends = 0; ends < MAX_FORCED_ENDS; ) {
        if (await this.noticed(this.state.endLoops ? LOOPS_NOTICE_MS : NOTICE_MS)) return;
        if (!this.state.compiling && !this.state.endLoops) {
          this.state.endLoops = true;
          continue;
        }
        if (this.state.loopsEnded !== loopsEnded && loopEndsSeen < MAX_LOOP_ENDS) {
          loopsEnded = this.state.loopsEnded; // it is on its way
          loopEndsSeen += 1;
          continue;
        }
        if (this.state.compiling) {
          await this.noticed(COMPILING_MS);
          continue;
        }
        ends += 1;
        await this.terminate();
        // The forced end may have hit the handler of the first message: say it again.
        this.post({ type: "terminated" });
        this.post({ type: "interrupt", interrupt: this.wanted });
      }
      console.error("The kernel could not interrupt the running code: restart it.");
    } finally {
      this.state.endLoops = false;
      this.busy = false;
      this.onPending(false);
    }
  }

  private async noticed(withinMs: number): Promise<boolean> {
    const until = performance.now() + withinMs;
    while (this.acknowledged < this.wanted && performance.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return this.acknowledged >= this.wanted;
  }

  private terminate(): Promise<void> {
    if (!this.session) {
      this.session = new Session();
      this.session.connectToMainThread();
    }
    const session = this.session;
    return new Promise((resolve) => {
      const giveUp = setTimeout(resolve, NOTICE_MS);
      session.post("Runtime.terminateExecution", () => {
        clearTimeout(giveUp);
        resolve();
      });
    });
  }
}
