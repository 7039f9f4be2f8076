/**
 * What every program of the lab shares: its options, one-line errors, and a clean stop. The
 * program itself is the `run` that it passes.
 */
import { Writable } from "node:stream";
import { isHost } from "../sockets/arguments";
import { DEFAULT_HOST } from "../sockets/limits";
import { failureLine, isConsequenceOfStop, ProgramError, UsageError } from "./failures";
import { helpText, wrapHelp } from "./help";
import {
  type Environment,
  networkOptions,
  type OptionValues,
  type ProgramOptions,
  type ProgramPositional,
  parseCommandLine,
} from "./options";
import { safeStyled, safeText } from "./safe-text";

export { ProgramError, UsageError } from "./failures";
export type { OptionValues, ProgramOption, ProgramOptions, ProgramPositional } from "./options";

/** How long a stopped program may take to end before it is given up. */
export const STOP_GRACE_MAX_MS = 1_000;

export const EXIT_OK = 0;
export const EXIT_FAILURE = 1;
export const EXIT_USAGE = 2;

/** What `run` is given. */
export interface ProgramContext<O extends ProgramOptions> {
  /** From `--host`, HOST, or the default. */
  readonly host: string;
  /** From `--port`, PORT, or the default; 0 lets the system choose (0 too for no `port`). */
  readonly port: number;
  /**
   * Aborts on Ctrl+C and SIGTERM, and when `run` has ended. Pass it to `listen`, `connect` and
   * `bind`: then everything that they opened closes without any book-keeping.
   */
  readonly signal: AbortSignal;
  readonly options: OptionValues<O>;
  readonly positionals: readonly string[];
  /** Writes a line to standard output; what a terminal would obey becomes visible signs, only colours stay. */
  readonly print: (line?: string) => void;
  /** Writes to standard output as it is. */
  readonly write: (data: string | Uint8Array) => void;
  /** Resolves when standard output has room: at once, unless its reader is slower than the program. */
  readonly flushed: () => Promise<void>;
}

export interface ProgramDefinition<O extends ProgramOptions> {
  /** The name of its module: `tcp_server`. */
  readonly name: string;
  /** One sentence, for `--help`. */
  readonly about: string;
  /** "server" by default: it listens; a client connects. Help and advice depend on it. */
  readonly kind?: "server" | "client";
  /** By default 127.0.0.1. */
  readonly host?: string;
  /** The default port; a program without one takes no `--port`. */
  readonly port?: number;
  /** Options besides `--host`, `--port` and `--help`. */
  readonly options?: O;
  readonly positionals?: readonly ProgramPositional[];
  /** What a person types before its options; by default `node NAME.mjs`. */
  readonly command?: string;
  /** Arguments of the example in `--help`. */
  readonly example?: string;
  /** Lines at the end of `--help`: exit codes, for example. */
  readonly notes?: string;
  run(context: ProgramContext<O>): Promise<void> | void;
}

/** The world around a program; by default the process's own streams and environment. */
export interface ProgramIo {
  readonly stdout?: { write(data: string | Uint8Array): unknown };
  readonly stderr?: { write(text: string): unknown };
  readonly env?: Environment;
  /** Aborting it stops the program, which is then a success. */
  readonly signal?: AbortSignal;
  /** Turns a bug into text; by default its stack. */
  readonly describeBug?: (error: unknown) => string;
}

/**
 * Runs a program with the arguments `argv` (none by default). Resolves with its exit code: 0 when
 * it ended or was stopped by the signal, 1 after a failure, 2 for bad usage. It never rejects,
 * and touches nothing process-wide, so that a cell or a test can run it too.
 */
export type Main = (argv?: readonly string[], io?: ProgramIo) => Promise<number>;

/** Makes the `main` of a program. */
export function program<const O extends ProgramOptions = Record<never, never>>(
  definition: ProgramDefinition<O>,
): Main {
  const { name, about, kind = "server", port, positionals = [] } = definition;
  const network = networkOptions(kind, definition.host ?? DEFAULT_HOST, port);
  const own = definition.options ?? ({} as O); // without options, O is the empty record
  const command = definition.command ?? `node ${name}.mjs`;
  const help = {
    command,
    about,
    options: { ...network, ...own },
    positionals,
    example: definition.example ?? exampleOf(kind, port),
    notes: definition.notes,
  };

  return async (argv = [], io = {}) => {
    const stdout = io.stdout ?? process.stdout;
    const stderr = io.stderr ?? process.stderr;
    const fail = (error: unknown): number => {
      const line = failureLine(error, { kind, hasPort: port !== undefined });
      const text = line ?? (io.describeBug ?? stackOf)(error);
      stderr.write(safeText(`${name}: ${text}\n`));
      if (!(error instanceof UsageError)) {
        return error instanceof ProgramError ? error.exitCode : EXIT_FAILURE;
      }
      stderr.write(`Try: ${command} --help\n`);
      return EXIT_USAGE;
    };
    try {
      const all = { ...network, ...own };
      const line = parseCommandLine(argv, io.env ?? process.env, all, positionals);
      if (line.help) {
        stdout.write(wrapHelp(helpText(help), "columns" in stdout ? stdout.columns : undefined));
        return EXIT_OK;
      }
      const { host, port: chosen, ...options } = line.options;
      await runUntilStopped(io.signal, (signal) =>
        definition.run({
          host: checkedHost(host),
          port: typeof chosen === "number" ? chosen : 0,
          signal,
          options: options as OptionValues<O>, // what is left are the program's own
          positionals: line.positionals,
          print: (text = "") => void stdout.write(safeStyled(`${text}\n`)),
          write: (data) => void stdout.write(data),
          flushed: () => flushed(stdout),
        }),
      );
      return EXIT_OK;
    } catch (error) {
      return fail(error);
    }
  };
}

/**
 * Runs with a signal that aborts when `outer` does, and at the end, so that nothing stays open.
 * What the stop itself makes fail is not a failure; neither is a run that does not heed it, which
 * is given up after STOP_GRACE_MAX_MS.
 */
async function runUntilStopped(
  outer: AbortSignal | undefined,
  run: (signal: AbortSignal) => Promise<void> | void,
): Promise<void> {
  if (outer?.aborted) return;
  const stop = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let onStop: () => void = () => {};
  const givenUp = new Promise<void>((resolve) => {
    onStop = () => {
      stop.abort(outer?.reason);
      timer = setTimeout(resolve, STOP_GRACE_MAX_MS);
    };
  });
  outer?.addEventListener("abort", onStop, { once: true });
  try {
    await Promise.race([Promise.resolve(run(stop.signal)), givenUp]);
  } catch (error) {
    if (!stop.signal.aborted || !isConsequenceOfStop(error)) throw error;
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener("abort", onStop);
    stop.abort();
  }
}

/** Waits for a stream that has asked for it; others (a notebook's, a test's) always have room. */
async function flushed(stdout: object): Promise<void> {
  if (!(stdout instanceof Writable) || !stdout.writableNeedDrain) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      stdout.off("drain", done).off("close", done);
      resolve();
    };
    stdout.on("drain", done).on("close", done);
  });
}

function exampleOf(kind: "server" | "client", port: number | undefined): string {
  const host = kind === "server" ? "" : `--host ${DEFAULT_HOST} `;
  return port === undefined ? host.trim() : `${host}--port ${port + 1}`;
}

function checkedHost(host: unknown): string {
  if (isHost(host)) return host;
  throw new UsageError(`--host must be a name or an address, not ${JSON.stringify(host)}`);
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? String(error)) : String(error);
}
