/** `npm run check`: judges a copy or a running server, tells what came of it, and keeps what is proved. */
import path from "node:path";
import { NotebookErrors } from "../notebook/errors";
import { extractCopies, PRACTICE_PROGRAMS_FOLDER } from "../notebook/extract";
import { readNotebook } from "../notebook/files";
import type { Notebook } from "../notebook/format";
import type { Styles } from "../stepper/palette";
import { type CheckLimits, check, type Target } from "./check";
import { failureLines, passedLine } from "./check-text";
import type { Practice } from "./copies";
import type { Address } from "./judge";
import { keepResult } from "./keep-result";
import { moduleCells } from "./module-cells";

export interface CheckRequest {
  readonly practice: Practice;
  readonly server?: Address;
  /** A command in place of the part's first program, word for word. */
  readonly command?: readonly string[];
  readonly further?: boolean;
  /** One more hint for the failure, if it is the same as before. */
  readonly hint?: boolean;
  readonly signal?: AbortSignal;
  readonly limits?: Partial<CheckLimits>;
}

export interface Output {
  print(line: string): void;
  readonly styles: Styles;
}

/**
 * Judges once and prints it.
 * @returns whether all steps passed
 * @throws {NotebookError} there is no copy, or it is no notebook
 */
export async function runCheck(
  root: string,
  request: CheckRequest,
  output: Output,
): Promise<boolean> {
  const { practice, server, command } = request;
  const { judge, copy } = practice;
  const { print, styles } = output;
  const number = Number(judge.part);
  const elsewhere = command ? `the command ${command.join(" ")}` : undefined;
  const subject = server ? `the server at ${server.host}:${server.port}` : (elsewhere ?? copy);
  print(`${styles.title(`Part ${number}: ${judge.task}`)}  ${styles.muted(subject)}`);
  print("");
  const isCopy = !server && !command;
  const prepared = isCopy ? await prepare(root, practice) : undefined;
  if (prepared?.problem) {
    print(`${styles.error("✗")} ${styles.strong("compiles")}`);
    print("");
    for (const line of prepared.problem.split("\n")) print(`  ${line}`);
    print(`  ${styles.muted("Open it".padEnd(12))}npm start -- practice/${judge.part}`);
    return false;
  }
  const programs = path.join(root, PRACTICE_PROGRAMS_FOLDER);
  const result = await check(judge, targetOf(request, programs), {
    ...request,
    onPassed: (step) => print(passedLine(step, styles)),
  });
  const kept = await keepResult(root, request, result, prepared?.notebook);
  for (const warning of kept.warnings) print(styles.warning(warning));
  if (result.failure) {
    const lines = failureLines(result.failure, result, {
      practice,
      styles,
      hints: kept.hints,
      command: `npm run check -- ${judge.part}${optionsOf(request)}`,
      isCopy,
      cellOf: (module) => prepared && cellOf(prepared.notebook, module),
    });
    for (const line of lines) print(line);
    return false;
  }
  print("");
  print(styles.ok(`All ${result.total} steps passed.`));
  if (server) print("A server is judged by its port alone.");
  if (!isCopy) print("Criteria are proved by your copy of the notebook.");
  return true;
}

function targetOf({ server, command }: CheckRequest, programs: string): Target {
  if (server) return { server };
  return command ? { command } : { programs };
}

/** What the check was called with, to be called so again. */
function optionsOf({ server, command }: CheckRequest): string {
  if (server) return ` --server ${server.host}:${server.port}`;
  return command ? ` --command "${command.join(" ")}"` : "";
}

interface Prepared {
  readonly notebook: Notebook;
  /** Why the programs cannot be judged, a line each. */
  readonly problem?: string;
}

async function prepare(root: string, practice: Practice): Promise<Prepared> {
  const notebook = await readNotebook(root, practice.copy);
  const { programs, errors } = await extractCopies(root, practice.copy);
  if (errors.length > 0) return { notebook, problem: new NotebookErrors(errors).message };
  const missing = practice.judge.programs.filter(
    (name) => !programs.some((one) => one.name === name),
  );
  if (missing.length === 0) return { notebook };
  const what = missing.map(
    (name) => `${practice.copy}: no cell begins with /** @module ${name} */`,
  );
  return { notebook, problem: what.join("\n") };
}

function cellOf(notebook: Notebook, module: string): string | undefined {
  return moduleCells(notebook).find(({ name }) => name === module)?.cell;
}
