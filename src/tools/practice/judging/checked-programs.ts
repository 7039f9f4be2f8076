/** The learner's programs during one check: started when a step needs them, ended in any case. */
import { randomBytes } from "node:crypto";
import path from "node:path";
import type { Address, Judge, RunningProgram, StepContext } from "./judge";
import { type Launched, type ProgramLimits, ProgramProcess } from "./program-process";
import { type Launch, spawnProgram } from "./start-process";
import type { Hints } from "./step-failure";

export interface CheckedProgramsOptions {
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

/** The port of commands that a person types; the one that was used has gone with the program. */
const SHOWN_PORT = 8000;
const LETTERS = "bcdfghjklmnpqrstvwxz";

export class CheckedPrograms {
  readonly #options: CheckedProgramsOptions;
  #server: ProgramProcess | undefined;
  /** Those of the step that is running. */
  #programs: ProgramProcess[] = [];
  #closings: (() => void | Promise<void>)[] = [];

  constructor(options: CheckedProgramsOptions) {
    this.#options = options;
  }

  /** Every program that the step has used, the server among them. */
  get used(): readonly ProgramProcess[] {
    return this.#server ? [this.#server, ...this.#programs] : this.#programs;
  }

  /** @param hints for a program that does not start */
  context(signal: AbortSignal, hints: Hints | undefined): StepContext {
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
      run: async (program, args = [], { under } = {}): Promise<RunningProgram> => {
        signal.throwIfAborted();
        return this.#own(program, args, under);
      },
      // No digits: they would be taken for a port or a length.
      randomWord: () =>
        Array.from(randomBytes(10), (byte) => LETTERS[byte % LETTERS.length]).join(""),
      limit: (ms) => ms * (this.#options.limits.patience ?? 1),
      commandFor: (program, args) => this.#shownCommand(program, args),
      after: (close) => void this.#closings.push(close),
    };
  }

  /** A command with the port of one of the programs becomes two: one that starts it on another port, and one that uses that. */
  shownCommands(replay: string | undefined): { replay?: string; start?: string } {
    if (replay === undefined) return {};
    for (const program of this.used) {
      if (!program.listens) continue;
      const port = new RegExp(`([: (])${program.address.port}\\b`, "g");
      const shown: string = replay.replace(port, `$1${SHOWN_PORT}`);
      if (shown === replay) continue;
      const args = program.args.map((arg, at, all) =>
        // The check's own folder has gone with it.
        all[at - 1] === "--port" ? String(SHOWN_PORT) : arg.replace(/socket-lab-check-\w+/, "lab"),
      );
      return { replay: shown, start: this.#shownCommand(program.name, args) };
    }
    return { replay };
  }

  #shownCommand(name: string, args: readonly string[] = []): string {
    const { command, judge } = this.#options;
    const own = command !== undefined && name === judge.programs[0];
    const words = args.map((arg) => (/^[\w./:@=,-]+$/.test(arg) ? arg : `'${arg}'`));
    return [...(own ? command : ["npm run program --", `practice/${name}`]), ...words].join(" ");
  }

  #own(name: string, args: readonly string[], under?: readonly string[]): ProgramProcess {
    const program = this.#launch(name, args, under);
    this.#programs.push(program);
    return program;
  }

  #launch(name: string, args: readonly string[], under: readonly string[] = []): ProgramProcess {
    const child = this.#started(name, args, under);
    const command = this.#shownCommand(name, args);
    return new ProgramProcess({ name, args, command }, child, this.#options.limits);
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
