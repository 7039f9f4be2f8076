/** Whatever runs and writes: what it wrote so far, waiting for a line, its end. */
import { Changes } from "../../src/lab/changes";

/** How long it may take to say or do what a test waits for. */
const DEADLINE_MS = 10_000;

/** @template End what it leaves when it has ended */
export abstract class Speaker<End> {
  /** All that was written so far, decoded as UTF-8. */
  stdout = "";
  stderr = "";
  protected readonly ended: Promise<End>;
  protected isOver = false;
  readonly #changes = new Changes();
  #end: (end: End) => void = () => {};
  #fail: (error: Error) => void = () => {};

  constructor() {
    this.ended = new Promise((resolve, reject) => {
      this.#end = resolve;
      this.#fail = reject;
    });
    this.ended.catch(() => {}); // told to whoever waits
  }

  /** Ends it if it still runs, and waits until it is gone. */
  abstract stop(): Promise<void>;

  protected heard(text: string): void {
    this.stdout += text;
    this.#changes.tell();
  }

  protected complained(text: string): void {
    this.stderr += text;
    this.#changes.tell();
  }

  protected over(end: End): void {
    this.isOver = true;
    this.#end(end);
    this.#changes.tell();
  }

  protected lost(error: Error): void {
    this.isOver = true;
    this.#fail(error);
    this.#changes.tell();
  }

  /** The first complete line of standard output that fits. @throws when it ends or the deadline passes first */
  async line(pattern = /.*/, deadlineMs = DEADLINE_MS): Promise<RegExpExecArray> {
    const find = () => {
      const complete = this.stdout.split("\n").slice(0, -1);
      for (const line of complete) {
        const found = pattern.exec(line);
        if (found) return found;
      }
      return undefined;
    };
    return this.until(find, `a line like ${pattern}`, deadlineMs);
  }

  /** Waits until `find` finds something in what was written; it is asked after every write. */
  async until<T>(find: () => T | undefined, what: string, deadlineMs = DEADLINE_MS): Promise<T> {
    const failure = (why: string) =>
      new Error(`the process did not write ${what} ${why}\n${this.transcript()}`);
    return this.#changes.until(find, () => this.isOver, deadlineMs, failure);
  }

  /** Its end and all that it wrote. @throws when the deadline passes first, or it could not be started */
  async end(deadlineMs = DEADLINE_MS): Promise<End> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        const text = `the process did not end within ${deadlineMs} ms`;
        reject(new Error(`${text}\n${this.transcript()}`));
      }, deadlineMs);
    });
    try {
      return await Promise.race([this.ended, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  transcript(): string {
    return `--- standard output\n${this.stdout}--- standard error\n${this.stderr}---`;
  }
}
