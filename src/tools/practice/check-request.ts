/** What `npm run check` is asked to do, read from its command line. */
import { existsSync } from "node:fs";
import path from "node:path";
import { findProgram } from "../../lab/find-program";
import { type CommandArguments, USAGE_EXIT_STATUS } from "../notebook/command";
import { copyTime, type Practice, practiceOf } from "./copies/copies";
import { findJudge } from "./judges/all";
import type { CheckLimits } from "./judging/check";
import type { Address } from "./judging/judge";

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

/** Why there is nothing to check. */
export interface Refusal {
  readonly problem: string;
  readonly status: number;
}

/** @throws {NotebookError} the lab's notebooks are not here */
export async function readCheckRequest(
  root: string,
  { positionals, flags, values }: CommandArguments,
): Promise<CheckRequest | Refusal> {
  const usage = (problem: string): Refusal => ({ problem, status: USAGE_EXIT_STATUS });
  const [name, ...more] = positionals;
  if (name === undefined || more.length > 0) return usage("Name one part.");
  const judge = findJudge(name);
  if (!judge) return usage(`Nothing can be practised in "${name}".`);
  const { part } = judge;
  const text = values.get("server");
  const server = text === undefined ? undefined : parseAddress(text);
  if (text !== undefined) {
    if (!server)
      return usage(`A server is a host and a port, such as 127.0.0.1:9000, not "${text}".`);
    if (!judge.remote)
      return usage(`Part ${Number(part)} is judged by your copy alone: it has no --server.`);
    if (flags.has("watch"))
      return usage("--watch waits for your copy to be saved; with --server nothing is.");
  }
  const line = values.get("command");
  const command = line?.split(/\s+/).filter(Boolean);
  if (command) {
    if (server) return usage("--server and --command exclude each other.");
    if (!judge.command)
      return usage(`Part ${Number(part)} is judged by your copy alone: it has no --command.`);
    const [program] = command;
    if (program === undefined) return usage("A command is a program and its arguments.");
    if (!existsSync(program) && findProgram([program]) === undefined)
      return usage(`There is no program "${program}".`);
    if (flags.has("watch"))
      return usage("--watch waits for your copy to be saved; with --command nothing is.");
  }
  const practice = await practiceOf(root, judge);
  if (!server && !command && !(await copyTime(root, practice))) {
    const problem = `Part ${Number(part)} is not begun: npm run challenge -- ${part} makes your copy.`;
    return { problem, status: 1 };
  }
  return {
    practice,
    further: flags.has("further"),
    hint: flags.has("hint"),
    ...(server && { server }),
    ...(command && { command: absolute(command) }),
  };
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
