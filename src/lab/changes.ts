// Waiting for something to be found that can only come with a change, such as what a program writes.

export class Changes {
  readonly #waiting = new Set<() => void>();

  /** Something has changed: every waiting call checks again. */
  tell(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }

  /**
   * Resolves with what `find` finds; it is asked now and after every change. Throws `failure(why)` when it
   * finds nothing within `deadlineMs`, or before `over()` says that no more changes come.
   */
  async until<T>(
    find: () => T | undefined,
    over: () => boolean,
    deadlineMs: number,
    failure: (why: string) => Error,
  ): Promise<T> {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      this.tell();
    }, deadlineMs);
    try {
      for (;;) {
        const found = find();
        if (found !== undefined) return found;
        if (late || over()) throw failure(late ? `within ${deadlineMs} ms` : "before it ended");
        await new Promise<void>((resolve) => this.#waiting.add(resolve));
      }
    } finally {
      clearTimeout(timer);
    }
  }
}
