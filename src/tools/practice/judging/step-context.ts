/** What the steps of a judge work with: the learner's programs, started when needed, ended in any case. */
import { randomBytes } from "node:crypto";
import path from "node:path";
import type { Address, Bench, Hints, Judge, Running } from "./judge";
import { type Launched, Program, type ProgramLimits } from "./running-program";
import { type Launch, spawnProgram } from "./start-process";

export interface BenchOptions {
  readonly judge: Judge;
  /** Where the programs are: `dist/practice`. Undefined with `server`, `command` and `launch`. */
  readonly programs?: string;
  /** The server that `--server` names. */
  readonly server?: Address;
  /** What `--command` names in place of the judge's first program, word for word. */
  readonly command?: readonly string[];
  /** Starts the programs in place of child processes. */
  readonly launch?: Launch;
  /** A folder that the programs may fill. */
  readonly cwd: string;
  readonly limits: ProgramLimits;
}

/** The programs of one check; a bench for each of its steps. */
export class Workshop {
  readonly #options: BenchOptions;
  #server: Program | undefined;
  /** Those of the step that is under way. */
  #programs: Program[] = [];
  #closings: (() => void | Promise<void>)[] = [];
  #words: string[] = [];

  constructor(options: BenchOptions) {
    this.#options = options;
  }

  /** Every program that the step has used, the server among them. */
  get used(): readonly Program[] {
    return this.#server ? [this.#server, ...this.#programs] : this.#programs;
  }

  /** `text` without what differs from run to run: words that nobody can foresee, and ports. */
  steady(text: string): string {
    return this.#words
      .reduce((rest, word) => rest.replaceAll(word, "word"), text)
      .replace(/\d+/g, "0");
  }

  bench(signal: AbortSignal, hints: Hints | undefined): Bench {
    this.#server?.mark();
    return {
      signal,
      server: async () => {
        const { server, judge, cwd } = this.#options;
        if (server) return server;
        signal.throwIfAborted();
        if (this.#server && !this.#server.over) return this.#server.address;
        this.#server = this.#launch(judge.programs[0] ?? "", [
          ...["--port", "0"],
          ...(judge.serverArgs?.(cwd) ?? []),
        ]);
        await this.#server.listening(hints);
        return this.#server.address;
      },
      output: () =>
        this.#server && { stdout: this.#server.stdout(), stderr: this.#server.stderr() },
      start: async (program, args = ["--port", "0"]) => {
        signal.throwIfAborted();
        const running = this.#own(program, args);
        await running.listening(hints);
        return running;
      },
      run: async (program, args = [], { under } = {}): Promise<Running> => {
        signal.throwIfAborted();
        return this.#own(program, args, under);
      },
      word: () => {
        // No digits: they would be taken for a port or a length.
        const word = Array.from(randomBytes(10), (byte) => LETTERS[byte % LETTERS.length]).join("");
        this.#words.push(word);
        return word;
      },
      after: (close) => void this.#closings.push(close),
    };
  }

  #own(name: string, args: readonly string[], under?: readonly string[]): Program {
    const program = this.#launch(name, args, under);
    this.#programs.push(program);
    return program;
  }

  #launch(name: string, args: readonly string[], under: readonly string[] = []): Program {
    return new Program({ name, args }, this.#started(name, args, under), this.#options.limits);
  }

  #started(name: string, args: readonly string[], under: readonly string[]): Launched {
    const { launch, cwd } = this.#options;
    if (!launch) return spawnProgram([...under, ...this.#commandOf(name), ...args], cwd);
    if (under.length === 0) return launch(name, args);
    throw new TypeError(`only a process of its own can be run under ${under[0]}`);
  }

  #commandOf(name: string): readonly string[] {
    const { programs, command, judge } = this.#options;
    if (command !== undefined && name === judge.programs[0]) return command;
    if (programs !== undefined) return [process.execPath, path.join(programs, `${name}.mjs`)];
    throw new TypeError(`a step that starts ${name} is local: it needs the program itself`);
  }

  /** Closes and ends what the step used, but for the server. */
  async endStep(): Promise<void> {
    for (const close of this.#closings.splice(0).reverse()) await close();
    await Promise.all(this.#programs.splice(0).map((program) => program.stop()));
  }

  async end(): Promise<void> {
    await this.endStep();
    await this.#server?.stop();
    this.#server = undefined;
  }

  /** At once, when the process ends. */
  kill(): void {
    for (const program of this.used) program.kill("SIGKILL");
  }
}

const LETTERS = "bcdfghjklmnpqrstvwxz";
