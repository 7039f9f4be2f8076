/** What every npm command shares: its options, `--help`, and errors that a person can read. */
import { parseArgs } from "node:util";
import { nodeVersionProblem } from "../build/node-version.mjs";
import { notebookErrorsIn } from "./errors";

export interface CommandShape {
  readonly help: string;
  /** Whether arguments other than options make sense. */
  readonly positionals: "none" | "any";
  /** Names of options without a value, such as `check` for `--check`. */
  readonly flags?: readonly string[];
}

export interface CommandArguments {
  readonly positionals: readonly string[];
  readonly flags: ReadonlySet<string>;
}

/** Exit status of a command that was called wrongly, as usual in POSIX tools. */
const USAGE_EXIT_STATUS = 2;

/**
 * Reads the command line, runs `body`, and sets the process's exit status to what it returns
 * (undefined: `body` has settled the status itself).
 * A NotebookError becomes its lines and status 1; any other error is a bug and is thrown.
 */
export async function runCommand(
  shape: CommandShape,
  body: (args: CommandArguments) => Promise<number | undefined>,
  argv: readonly string[] = process.argv.slice(2),
): Promise<void> {
  const problem = nodeVersionProblem(process.versions.node);
  if (problem) {
    console.error(problem);
    process.exitCode = 1;
    return;
  }
  const args = readArguments(shape, argv);
  if (!args) return;
  try {
    const status = await body(args);
    if (status !== undefined) process.exitCode = status;
  } catch (error) {
    const errors = notebookErrorsIn(error);
    if (!errors) throw error;
    for (const { message } of errors) console.error(message);
    process.exitCode = 1;
  }
}

function readArguments(shape: CommandShape, argv: readonly string[]): CommandArguments | undefined {
  const names = ["help", ...(shape.flags ?? [])];
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: Object.fromEntries(names.map((name) => [name, { type: "boolean" }])),
    });
    if (values.help) {
      console.log(shape.help);
      process.exitCode = 0;
      return undefined;
    }
    if (shape.positionals === "none" && positionals.length > 0) {
      throw new Error(`Unexpected argument "${positionals.join(" ")}"`);
    }
    return { positionals, flags: new Set(names.filter((name) => values[name])) };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${shape.help}`);
    process.exitCode = USAGE_EXIT_STATUS;
    return undefined;
  }
}
