/** `npm run check`: judges a copy or a running server, tells what came of it, and keeps what is proved. */
import path from "node:path";
import { NotebookErrors } from "../notebook/errors";
import { extractCopies, PRACTICE_PROGRAMS_FOLDER } from "../notebook/extract";
import { readNotebook } from "../notebook/files";
import type { Notebook } from "../notebook/format";
import type { Styles } from "../stepper/palette";
import { type CheckLimits, check } from "./check";
import { failureLines, passedLine } from "./check-text";
import type { Practice } from "./copies";
import type { Address } from "./judge";
import { keepResult } from "./keep-result";
import { moduleCells } from "./module-cells";

export interface CheckRequest {
  readonly practice: Practice;
  readonly server?: Address;
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
  const { practice, server } = request;
  const { judge, copy } = practice;
  const { print, styles } = output;
  const number = Number(judge.part);
  const subject = server ? `the server at ${server.host}:${server.port}` : copy;
  print(`${styles.title(`Part ${number}: ${judge.task}`)}  ${styles.muted(subject)}`);
  print("");
  const prepared = server ? undefined : await prepare(root, practice);
  if (prepared?.problem) {
    print(`${styles.error("✗")} ${styles.strong("compiles")}`);
    print("");
    for (const line of prepared.problem.split("\n")) print(`  ${line}`);
    print(`  ${styles.muted("Open it".padEnd(12))}npm start -- practice/${judge.part}`);
    return false;
  }
  const target = server ? { server } : { programs: path.join(root, PRACTICE_PROGRAMS_FOLDER) };
  const result = await check(judge, target, {
    ...request,
    onPassed: (step) => print(passedLine(step, styles)),
  });
  const kept = await keepResult(root, request, result, prepared?.notebook);
  for (const warning of kept.warnings) print(styles.warning(warning));
  if (result.failure) {
    const command = `npm run check -- ${judge.part}${server ? ` --server ${server.host}:${server.port}` : ""}`;
    const lines = failureLines(result.failure, result, {
      practice,
      styles,
      hints: kept.hints,
      command,
      ...(server && { server }),
      cellOf: (module) => prepared && cellOf(prepared.notebook, module),
    });
    for (const line of lines) print(line);
    return false;
  }
  print("");
  print(styles.ok(`All ${result.total} steps passed.`));
  if (server)
    print(
      "A server is judged by its port alone: criteria are proved by your copy of the notebook.",
    );
  return true;
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
