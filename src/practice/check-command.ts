/** `npm run check`: judges a copy or a running server, tells what came of it, and keeps what is proved. */
import path from "node:path";
import { NotebookError } from "../notebook/errors";
import { extractCopies, PRACTICE_PROGRAMS_FOLDER } from "../notebook/extract";
import { readNotebook } from "../notebook/files";
import type { Notebook } from "../notebook/format";
import type { Styles } from "../stepper/palette";
import { type CheckLimits, check, stepsOf } from "./check";
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
  /** How to get the next one, where it is not `npm run check -- 06 --hint`. */
  readonly hintWith?: string;
  readonly signal?: AbortSignal;
  readonly limits?: Partial<CheckLimits>;
}

export interface Output {
  print(line: string): void;
  readonly styles: Styles;
  /** The width of the terminal, where there is one. */
  readonly columns?: number;
}

export interface CheckOutcome {
  readonly passed: boolean;
  /** The id of the cell to look at, when a step has failed or a cell does not compile. */
  readonly cell?: string;
}

/** What is judged: `Part 6: an HTTP server  practice/06-http-server-challenge.ipynb`. */
export function headingLine({ practice, server }: CheckRequest, styles: Styles): string {
  const { judge, copy } = practice;
  const subject = server ? `the server at ${server.host}:${server.port}` : copy;
  return `${styles.title(`Part ${Number(judge.part)}: ${judge.task}`)}  ${styles.muted(subject)}`;
}

/**
 * Judges once and prints it.
 * @throws {NotebookError} there is no copy, or it is no notebook
 */
export async function runCheck(
  root: string,
  request: CheckRequest,
  { print, styles, columns }: Output,
): Promise<CheckOutcome> {
  const { practice, server } = request;
  const { judge } = practice;
  const prepared = server ? undefined : await prepare(root, practice);
  if (prepared?.errors.length) {
    await keepResult(
      root,
      request,
      { passed: [], total: stepsOf(judge, request).length },
      prepared,
    );
    print(`${styles.error("✗")} ${styles.strong("compiles")}`);
    print("");
    for (const { message } of prepared.errors) print(`  ${message}`);
    const cell = prepared.errors.find(({ place }) => place.cell !== undefined)?.place.cell;
    return { passed: false, ...(cell !== undefined && { cell }) };
  }
  const target = server ? { server } : { programs: path.join(root, PRACTICE_PROGRAMS_FOLDER) };
  const result = await check(judge, target, {
    ...request,
    onPassed: (step) => print(passedLine(step, styles)),
  });
  const kept = await keepResult(root, request, result, prepared);
  for (const warning of kept.warnings) print(styles.warning(warning));
  const { failure } = result;
  if (!failure) {
    print("");
    print(styles.ok(`All ${result.total} steps passed.`));
    if (server) print(SERVER_PROVES_NOTHING);
    for (const criterion of kept.proved) print(`You have proved: ${criterion}.`);
    return { passed: true };
  }
  const module = failure.report.edit ?? failure.step.edit;
  const cell = prepared && (failure.cell ?? cellOf(prepared.notebook, module));
  const where = server ? ` --server ${server.host}:${server.port}` : "";
  const lines = failureLines(failure, result, {
    ...(server ? {} : { edit: { copy: practice.copy, cell: cell ?? module } }),
    ...(!server && !request.hintWith && { open: `npm start -- practice/${judge.part}` }),
    hints: kept.hints,
    hintWith: request.hintWith ?? `npm run check -- ${judge.part}${where} --hint`,
    styles,
    ...(columns !== undefined && { columns }),
  });
  for (const line of lines) print(line);
  return { passed: false, ...(cell !== undefined && { cell }) };
}

const SERVER_PROVES_NOTHING =
  "A server is judged by its port alone: criteria are proved by your copy of the notebook.";

/** A copy as it is judged. */
export interface Prepared {
  readonly notebook: Notebook;
  /** Why its programs cannot be judged. */
  readonly errors: readonly NotebookError[];
}

async function prepare(root: string, { copy, judge }: Practice): Promise<Prepared> {
  const notebook = await readNotebook(root, copy);
  const { programs, errors } = await extractCopies(root, copy);
  if (errors.length > 0) return { notebook, errors };
  const missing = judge.programs.filter((name) => !programs.some((one) => one.name === name));
  return {
    notebook,
    errors: missing.map((name) => {
      return new NotebookError({ file: copy }, `no cell begins with /** @module ${name} */`);
    }),
  };
}

function cellOf(notebook: Notebook, module: string): string | undefined {
  return moduleCells(notebook).find(({ name }) => name === module)?.cell;
}
