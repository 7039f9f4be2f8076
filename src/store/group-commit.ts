/**
 * Changes that come while others are being synced wait, and are then synced together: a disk takes as
 * long to sync one file as to sync many, so the more there is to do, the less each change costs.
 */

export interface Waiting<C, R> {
  readonly change: C;
  readonly bytes: number;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
}

export interface GroupLimits {
  readonly maxChanges: number;
  readonly maxBytes: number;
}

export class GroupCommit<C, R> {
  #queue: Waiting<C, R>[] = [];
  #running: Promise<void> | undefined;

  /**
   * @param commit settles each of a group
   */
  constructor(
    private readonly limits: GroupLimits,
    private readonly commit: (group: readonly Waiting<C, R>[]) => Promise<void>,
  ) {}

  submit(change: C, bytes: number): Promise<R> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ change, bytes, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** Resolves when nothing waits. */
  async idle(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    // What is submitted in this turn of the event loop goes along.
    await new Promise<void>((resolve) => setImmediate(resolve));
    while (this.#queue.length > 0) {
      const group = this.#take();
      try {
        await this.commit(group);
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    this.#running = undefined;
  }

  #take(): Waiting<C, R>[] {
    let bytes = 0;
    let count = 0;
    for (const next of this.#queue) {
      bytes += next.bytes;
      if (count === this.limits.maxChanges || (count > 0 && bytes > this.limits.maxBytes)) break;
      count++;
    }
    return this.#queue.splice(0, count);
  }
}
