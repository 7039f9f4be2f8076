/** A learner's program as a process: what it writes, its end, and the failure when it does not do what a step waits for. */
import type { Readable } from "node:stream";
import { Changes } from "../../../lab/changes";
import type { RunningProgram } from "./judge";
import { type Hints, StepFailure } from "./step-failure";
import { visibleLines } from "./transcript";

const SHOWN_MAX_LINES = 20;

export interface ProgramLimits {
  /** How long a server may take to say where it listens. */
  readonly startMs: number;
  /** How long a program may take to print what a step waits for. */
  readonly untilMs: number;
  /** What the steps' own limits are multiplied by, on a machine that does much else; by default 1. */
  readonly patience?: number;
}

/** A child process, or what a test has in its place. */
export interface Launched {
  readonly stdout: Readable;
  readonly stderr: Readable;
  kill(signal: NodeJS.Signals): unknown;
  /** `error`: it could not be started. `close`: it has ended, and all that it wrote has been read. */
  on(event: "error", listener: (error: Error) => void): unknown;
  on(
    event: "close",
    listener: (status: number | null, signal: NodeJS.Signals | null) => void,
  ): unknown;
}

export interface ProgramStart {
  readonly name: string;
  readonly args: readonly string[];
  /** What a person types to start it so. */
  readonly command: string;
}

/** What a stub throws, wherever a program shows it: `TODO: receive a line (cell http-reader)`. */
const TODO = /TODO: (.+) \(cell ([\w-]+)\)/;

export interface Todo {
  readonly todo: string;
  /** The cell's id. */
  readonly cell: string;
}

export class ProgramProcess implements RunningProgram {
  readonly name: string;
  readonly args: readonly string[];
  readonly #command: string;
  readonly #limits: ProgramLimits;
  readonly #child: Launched;
  readonly #changes = new Changes();
  readonly #end: Promise<{ status: number | null; signal: string | null }>;
  #over: { status: number | null; signal: string | null } | undefined;
  #isToldToEnd = false;
  #stdout = "";
  #stderr = "";
  #address: { host: string; port: number } | undefined;
  /** Lengths of what was written when the step began. */
  #mark = { stdout: 0, stderr: 0 };

  constructor({ name, args, command }: ProgramStart, child: Launched, limits: ProgramLimits) {
    this.name = name;
    this.args = args;
    this.#command = command;
    this.#limits = limits;
    this.#child = child;
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      this.#stdout += text;
      this.#changes.tell();
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#stderr += text;
      this.#changes.tell();
    });
    this.#end = new Promise((resolve) => {
      const over = (status: number | null, signal: string | null): void => {
        this.#over = { status, signal };
        resolve(this.#over);
        this.#changes.tell();
      };
      child.on("error", (error) => {
        this.#stderr += `${error.message}\n`;
        over(null, null);
      });
      child.on("close", over);
    });
  }

  get over(): boolean {
    return this.#over !== undefined;
  }

  /** Whether it has ended with exit status 0, or because the step ended it. */
  get endedWell(): boolean {
    return this.#over?.status === 0 || this.#isToldToEnd;
  }

  /** Whether it has said where it listens. */
  get listens(): boolean {
    return this.#address !== undefined;
  }

  get address(): { host: string; port: number } {
    if (!this.#address) throw new TypeError(`${this.name} was not started as a server`);
    return this.#address;
  }

  stdout(): string {
    return this.#stdout;
  }

  stderr(): string {
    return this.#stderr;
  }

  kill(signal: "SIGINT" | "SIGTERM" | "SIGKILL"): void {
    this.#isToldToEnd = true;
    this.#child.kill(signal);
  }

  ended(): Promise<{ readonly status: number | null; readonly signal: string | null }> {
    return this.#end;
  }

  /** Kills it, and waits until it is gone. */
  async stop(): Promise<void> {
    if (!this.#over) this.#child.kill("SIGKILL");
    await this.#end;
  }

  until<T>(find: (stdout: string) => T | undefined, what: string): Promise<T> {
    return this.#changes.until(
      () => find(this.#stdout),
      () => this.over,
      this.#limits.untilMs,
      () => this.#failure(`print ${what}`, this.#limits.untilMs, PRINT_HINTS),
    );
  }

  /** Waits until it has said where it listens. */
  async listening(hints: Hints = LISTEN_HINTS): Promise<void> {
    this.#address = await this.#changes.until(
      () => addressIn(this.#stdout),
      () => this.over,
      this.#limits.startMs,
      () => this.#failure("say where it listens", this.#limits.startMs, hints),
    );
  }

  #failure(what: string, withinMs: number, hints: Hints): StepFailure {
    const todo = this.todo();
    const place = todo ? `\nIt stops at a TODO of the cell ${todo.cell}: ${todo.todo}.` : "";
    const end = this.#over
      ? `ended first (${this.endText()})`
      : `has not done so after ${withinMs / 1000} s`;
    return new StepFailure({
      what: `${this.name} was to ${what}, and ${end}.${place}`,
      transcript: this.printed(),
      replay: this.#command,
      hints,
    });
  }

  /** `exit status 1` */
  endText(): string {
    if (!this.#over) return "it runs";
    const { status, signal } = this.#over;
    return signal ?? `exit status ${status}`;
  }

  /** What it wrote since the last call of `mark`: `| ` for standard output, `! ` for standard error. */
  printed(): string {
    const lines = (text: string, sign: string): string[] =>
      visibleLines(Buffer.from(text))
        // Of a stack, the learner's own lines.
        .filter((line) => !/^ +at /.test(line) || line.includes(".ipynb"))
        .slice(-SHOWN_MAX_LINES)
        .map((line) => `${sign} ${line.replace(/\\n$/, "")}`);
    const { stdout, stderr } = this.#mark;
    return [
      ...lines(this.#stdout.slice(stdout), "|"),
      ...lines(this.#stderr.slice(stderr), "!"),
    ].join("\n");
  }

  mark(): void {
    this.#mark = { stdout: this.#stdout.length, stderr: this.#stderr.length };
  }

  /** The first TODO that it has met since `mark`. */
  todo(): Todo | undefined {
    const text = this.#stderr.slice(this.#mark.stderr) + this.#stdout.slice(this.#mark.stdout);
    const [, todo, cell] = TODO.exec(text) ?? [];
    return todo === undefined || cell === undefined ? undefined : { todo, cell };
  }

  /** Waits a moment for it to say more: its last words can arrive after the failure that they explain. */
  async settle(graceMs: number): Promise<void> {
    await this.#changes
      .until(
        () => this.todo(),
        () => this.over,
        graceMs,
        () => new Error("nothing"),
      )
      .catch(() => undefined);
  }
}

/** Where a server listens, from the first whole line that says so: `HTTP Server running on http://127.0.0.1:8000`. */
export function addressIn(stdout: string): { host: string; port: number } | undefined {
  for (const line of stdout.split("\n").slice(0, -1)) {
    const [, bracketed, plain, port] = /(?:\[([^\]]+)\]|([\w.-]+)):(\d+)\b/.exec(line) ?? [];
    const host = bracketed ?? plain;
    if (host === undefined || Number(port) < 1 || Number(port) > 65_535) continue;
    return { host: host === "0.0.0.0" ? "127.0.0.1" : host, port: Number(port) };
  }
  return undefined;
}

const LISTEN_HINTS: Hints = [
  "The first line that a server prints says where it listens, with the port that it really has.",
  "Listen first, and print then: with --port 0 the system chooses the port, and only `server.local` knows it.",
  '`const server = await listen({ host, port, signal })`, and after it `print("Server listening on " + formatEndpoint(server.local))`.',
];
const PRINT_HINTS: Hints = [
  "Run the program yourself, and compare what it prints with what was expected.",
  "What a program prints is part of what it does: others read it, people and programs.",
  "`print(...)`, which `main` is given, writes a line.",
];
