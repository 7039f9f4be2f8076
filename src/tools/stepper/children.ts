/** Processes that must not outlive the lab: editors, programs, test runners. */
import type { ChildProcess } from "node:child_process";

interface Entry {
  readonly child: ChildProcess;
  readonly group: boolean;
}

export class Children {
  readonly #entries = new Set<Entry>();
  #ended = false;

  /** @param group it leads a process group, and what it started ends with it */
  own(child: ChildProcess, group: boolean): void {
    const entry = { child, group };
    this.#entries.add(entry);
    child.once("close", () => this.#entries.delete(entry));
    if (this.#ended) this.end();
  }

  /** Ends all, also those that come later. */
  end(): void {
    this.#ended = true;
    for (const { child, group } of this.#entries) {
      try {
        const leads = group && child.pid !== undefined && process.platform !== "win32";
        if (leads) process.kill(-(child.pid ?? 0), "SIGTERM");
        else child.kill("SIGTERM");
      } catch {
        // It has ended by itself.
      }
    }
  }
}
