/** Judges programs inside this process: no child processes, so that many wrong ones can be judged in little time. */
import { randomBytes } from "node:crypto";
import { Changes } from "../../../src/lab/changes";
import { type Bench, type Judge, type Running, StepFailure } from "../../../src/practice/judge";
import { addressIn } from "../../../src/practice/program";
import type { Main } from "../../../src/program/program";

const UNTIL_MAX_MS = 5_000;

/** A program's `main` under way, as the judge sees a child process. */
class InProcess implements Running {
  #stdout = "";
  #stderr = "";
  #over = false;
  readonly #changes = new Changes();
  readonly #stop = new AbortController();
  readonly #end: Promise<{ status: number; signal: null }>;

  constructor(main: Main, args: readonly string[]) {
    const stdout = (data: string | Uint8Array): void => {
      this.#stdout += String(data);
      this.#changes.tell();
    };
    const stderr = (text: string): void => {
      this.#stderr += text;
      this.#changes.tell();
    };
    this.#end = main(args, {
      stdout: { write: stdout },
      stderr: { write: stderr },
      env: {},
      signal: this.#stop.signal,
    }).then((status) => {
      this.#over = true;
      this.#changes.tell();
      return { status, signal: null };
    });
  }

  get over(): boolean {
    return this.#over;
  }
  get address() {
    const found = addressIn(this.#stdout);
    if (!found) throw new TypeError("it listens nowhere");
    return found;
  }
  stdout(): string {
    return this.#stdout;
  }
  stderr(): string {
    return this.#stderr;
  }
  kill(): void {
    this.#stop.abort();
  }
  ended() {
    return this.#end;
  }
  until<T>(find: (stdout: string) => T | undefined, what: string): Promise<T> {
    return this.#changes.until(
      () => find(this.#stdout),
      () => this.#over,
      UNTIL_MAX_MS,
      (why) =>
        new StepFailure({
          what: `it did not print ${what} ${why}: ${this.#stdout}${this.#stderr}`,
          hints: ["", "", ""],
        }),
    );
  }
}

/** What became of a judgement: the first step that failed and its failure, if one did. */
export interface Verdict {
  readonly passed: readonly string[];
  readonly failed?: string;
  readonly failure?: StepFailure;
  /** Standard error of all programs. */
  readonly stderr: string;
}

/** Runs a judge's steps, those of `further` too, and stops at the first that fails. Any other error of a step is thrown. */
export async function judgeInProcess(
  judge: Judge,
  programs: Readonly<Record<string, Main>>,
): Promise<Verdict> {
  const started: InProcess[] = [];
  const passed: string[] = [];
  let server: InProcess | undefined;
  const launch = (name: string, args: readonly string[]) => {
    const main = programs[name];
    if (!main) throw new Error(`there is no program ${name}`);
    const running = new InProcess(main, args);
    started.push(running);
    return running;
  };
  const listening = async (running: InProcess) => {
    await running.until(addressIn, "where it listens");
    return running;
  };
  const stderr = () => started.map((running) => running.stderr()).join("");
  const stop = async (running: InProcess | undefined) => {
    running?.kill();
    await running?.ended();
  };
  try {
    for (const step of judge.steps) {
      const closings: (() => void | Promise<void>)[] = [];
      const bench: Bench = {
        signal: new AbortController().signal,
        word: () =>
          randomBytes(8)
            .toString("hex")
            .replace(/\d/g, (digit) => "ghijklmnop"[Number(digit)] ?? ""),
        after: (close) => void closings.push(close),
        output: () => server && { stdout: server.stdout(), stderr: server.stderr() },
        async server() {
          if (!server || server.over)
            server = await listening(launch(judge.programs[0] ?? "", ["--port", "0"]));
          return server.address;
        },
        start: (name, args = ["--port", "0"]) => listening(launch(name, args)),
        run: async (name, args = []) => launch(name, args),
      };
      try {
        await step.run(bench);
        passed.push(step.name);
      } catch (error) {
        if (!(error instanceof StepFailure)) throw error;
        await Promise.all(started.map(stop)); // its last words may be still to come
        return { passed, failed: step.name, failure: error, stderr: stderr() };
      } finally {
        for (const close of closings.reverse()) await close();
        for (const running of started) if (running !== server) await stop(running);
      }
    }
    return { passed, stderr: stderr() };
  } finally {
    await stop(server);
  }
}
