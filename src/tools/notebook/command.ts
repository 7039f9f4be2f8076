/** What every npm command shares: its options, `--help`, and errors that a person can read. */

import { parseArgs } from "node:util";
import { didYouMean } from "../../program/did-you-mean";
import { ProgramError, UsageError } from "../../program/failures";
import { wrapHelp } from "../../program/help";
import { print, printError } from "../../program/print";
import { notebookErrorsIn } from "./errors";

export interface CommandShape {
  readonly help: string;
  /** Whether arguments other than options make sense. */
  readonly positionals: "none" | "any";
  /** Names of options without a value, such as `check` for `--check`. */
  readonly flags?: readonly string[];
  /** Names of options with a value, such as `out` for `--out FILE`. */
  readonly values?: readonly string[];
}

export interface CommandArguments {
  readonly positionals: readonly string[];
  readonly flags: ReadonlySet<string>;
  /** By name, the values of the options that were given. */
  readonly values: ReadonlyMap<string, string>;
}

/** By the code of an error of the file system. */
const SYSTEM_ADVICE: Readonly<Record<string, string>> = {
  EACCES: "Make it writable for yourself, or work in a copy of this folder that is yours.",
  EPERM: "Make it writable for yourself, or work in a copy of this folder that is yours.",
  EROFS: "Work in a copy of this folder on a disk that can be written.",
  ENOSPC: "The disk is full: make room and try again.",
};

/** Exit status of a command that was called wrongly, as usual in POSIX tools. */
export const USAGE_EXIT_STATUS = 2;

/**
 * Reads the command line, runs `body`, and sets the process's exit status to what it returns
 * (undefined: `body` has settled the status itself).
 * A ProgramError becomes one line and its status, 2 for a UsageError; a NotebookError becomes its lines, an error of the file system one line,
 * a bug its stack, each with status 1.
 */
export async function runCommand(
  shape: CommandShape,
  body: (args: CommandArguments) => Promise<number | undefined>,
  argv: readonly string[] = process.argv.slice(2),
): Promise<void> {
  const args = readArguments(shape, argv);
  if (!args) return;
  process.stdout.on("error", endQuietly);
  try {
    const status = await body(args);
    if (status !== undefined) process.exitCode = status;
  } catch (error) {
    if (error instanceof ProgramError) {
      tell(shape, error);
      return;
    }
    const lines = knownErrorLines(error);
    if (lines) {
      for (const line of lines) printError(line);
      process.exitCode = 1;
      return;
    }
    printError(error instanceof Error ? (error.stack ?? String(error)) : String(error));
    process.exit(1); // whatever a bug has left open
  }
}

/** What a person can mend, a line each; undefined for a bug. */
function knownErrorLines(error: unknown): string[] | undefined {
  const errors = notebookErrorsIn(error);
  if (errors) return errors.map(({ message }) => message);
  if (!(error instanceof Error && "errno" in error && "code" in error)) return undefined;
  // Node says ENOENT of a folder that cannot be made on a disk that is read-only.
  if ("syscall" in error && error.syscall === "mkdir" && "path" in error) {
    const advice = "Can this folder be written? If not, work in a copy of it that is yours";
    return [`${error.path} cannot be made (${error.code}). ${advice}.`];
  }
  const advice = SYSTEM_ADVICE[String(error.code)];
  return [`${error.message}${advice === undefined ? "" : `. ${advice}`}`];
}

/** Whoever read our output (`| head`) has seen enough. */
function endQuietly(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
  process.exit();
}

function readArguments(shape: CommandShape, argv: readonly string[]): CommandArguments | undefined {
  const names = ["help", ...(shape.flags ?? [])];
  const valued = shape.values ?? [];
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        ...Object.fromEntries(names.map((name) => [name, { type: "boolean" } as const])),
        ...Object.fromEntries(valued.map((name) => [name, { type: "string" } as const])),
      },
    });
    const given = valued.flatMap((name) => {
      const value = values[name];
      return typeof value === "string" ? [[name, value] as const] : [];
    });
    if (values.help) {
      print(wrapHelp(shape.help, process.stdout.columns));
      process.exitCode = 0;
      return undefined;
    }
    if (shape.positionals === "none" && positionals.length > 0) {
      throw new Error(`Unexpected argument "${positionals.join(" ")}"`);
    }
    return {
      positionals,
      flags: new Set(names.filter((name) => values[name])),
      values: new Map(given),
    };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const [, option = ""] = /^Unknown option '(--?[^']+)'/.exec(error.message) ?? [];
    const known = [...names, ...valued].map((name) => `--${name}`);
    const meant = didYouMean(option, known);
    const problem = option === "" ? error.message : `Unknown option '${option}'${meant}`;
    tell(shape, new UsageError(problem));
    return undefined;
  }
}

/** One line: what is wrong, and where the help is when the command line was wrong. */
function tell({ help }: CommandShape, { message, exitCode, name }: ProgramError): void {
  const [command = "npm run"] = /npm (?:run )?[\w:-]+/.exec(help) ?? [];
  const end = /[.?!]$/.test(message) ? "" : ".";
  const isUsage = name === "UsageError";
  printError(isUsage ? `${message}${end} Help: ${command} -- --help` : message);
  process.exitCode = isUsage ? USAGE_EXIT_STATUS : exitCode;
}
