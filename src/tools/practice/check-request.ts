/** What `npm run check` is asked to do, read from its command line. */
import { existsSync } from "node:fs";
import path from "node:path";
import { findProgram } from "../../lab/find-program";
import { ProgramError, UsageError } from "../../program/failures";
import type { CommandArguments } from "../notebook/command";
import { copyTime, type Practice, practiceNamed } from "./copies/copies";
import { JUDGES } from "./judges/all";
import type { CheckLimits } from "./judging/check";
import type { Address, Judge } from "./judging/judge";

export interface CheckRequest {
  readonly practice: Practice;
  readonly server?: Address;
  /** A command in place of the part's first program, word for word. */
  readonly command?: readonly string[];
  readonly further?: boolean;
  /** One more hint for the failure, if it is the same as before. */
  readonly hint?: boolean;
  /** How to get the next one, where it is not `npm run check -- 06 --hint`. */
  readonly hintWith?: string;
  readonly signal?: AbortSignal;
  readonly limits?: Partial<CheckLimits>;
}

/**
 * @throws {UsageError} the command line is wrong
 * @throws {ProgramError} there is no copy to check
 * @throws {NotebookError} the lab's notebooks are not here
 */
export async function readCheckRequest(
  root: string,
  { positionals, flags, values }: CommandArguments,
): Promise<CheckRequest> {
  const [name, ...more] = positionals;
  if (name === undefined || more.length > 0) throw new UsageError("Name one part");
  const practice = await practiceNamed(root, name, JUDGES);
  const { part } = practice.judge;
  const server = readServer(practice.judge, values.get("server"));
  const command = readCommand(practice.judge, values.get("command"));
  if (server && command) throw new UsageError("--server and --command exclude each other");
  if (flags.has("watch") && (server || command)) {
    throw new UsageError(
      "--watch waits for your copy to be saved: it has no --server or --command",
    );
  }
  if (!server && !command && !(await copyTime(root, practice))) {
    throw new ProgramError(
      `Part ${Number(part)} is not begun: npm run challenge -- ${part} makes your copy.`,
    );
  }
  return {
    practice,
    further: flags.has("further"),
    hint: flags.has("hint"),
    ...(server && { server }),
    ...(command && { command }),
  };
}

function readServer(judge: Judge, text: string | undefined): Address | undefined {
  if (text === undefined) return undefined;
  if (!judge.remote) throw new UsageError(notBy(judge, "--server"));
  const server = parseAddress(text);
  if (server) return server;
  throw new UsageError(`A server is a host and a port, such as 127.0.0.1:9000, not "${text}"`);
}

function readCommand(judge: Judge, line: string | undefined): readonly string[] | undefined {
  if (line === undefined) return undefined;
  if (!judge.command) throw new UsageError(notBy(judge, "--command"));
  const command = line.split(/\s+/).filter(Boolean);
  const [program] = command;
  if (program === undefined) throw new UsageError("A command is a program and its arguments");
  if (!existsSync(program) && findProgram([program]) === undefined) {
    throw new UsageError(`There is no program "${program}"`);
  }
  return absolute(command);
}

/** The part is not judged in this way, but perhaps in another. */
function notBy({ part, remote, command }: Judge, option: string): string {
  const other = command
    ? `by a command: npm run check -- ${part} --command "python3 program.py"`
    : remote
      ? `by a port: npm run check -- ${part} --server 127.0.0.1:9000`
      : "by your copy alone";
  return `Part ${Number(part)} has no ${option}: it is judged ${other}`;
}

/** A program runs in a folder of its own: files that the command names are those of this one. */
function absolute(command: readonly string[]): readonly string[] {
  return command.map((word) => (existsSync(word) ? path.resolve(word) : word));
}

/** `127.0.0.1:9000`, `localhost:9000`, `[::1]:9000`; undefined when it is none. */
export function parseAddress(text: string): Address | undefined {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^\s:/]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  return host !== undefined && port >= 1 && port <= 65_535 ? { host, port } : undefined;
}
