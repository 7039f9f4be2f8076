/** `npm run check`: judges a copy or a running server, tells what came of it, and keeps what is proved. */
import path from "node:path";
import { NotebookError } from "../notebook/errors";
import { extractCopies, PRACTICE_PROGRAMS_FOLDER } from "../notebook/extract";
import { readNotebook } from "../notebook/files";
import type { Notebook } from "../notebook/format";
import type { Styles } from "../terminal/palette";
import { failureLines, passedLine } from "./check-text";
import type { Practice } from "./copies/copies";
import { moduleCells } from "./copies/module-cells";
import { type CheckLimits, check, type Failure, stepsOf, type Target } from "./judging/check";
import type { Address, Judge } from "./judging/judge";
import { keepResult } from "./progress/record-result";

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
export function headingLine(request: CheckRequest, styles: Styles): string {
  const { practice, server, command } = request;
  const { judge, copy } = practice;
  let subject = copy;
  if (server) subject = `the server at ${server.host}:${server.port}`;
  if (command) subject = `the command ${command.join(" ")}`;
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
  const { practice, server, command } = request;
  const { judge } = practice;
  const isCopy = !server && !command;
  const prepared = isCopy ? await prepare(root, practice) : undefined;
  if (prepared?.errors.length) {
    await keepResult(
      root,
      request,
      { passed: [], total: stepsOf(judge, { further: request.further }).length },
      prepared,
    );
    print(`${styles.error("✗")} ${styles.strong("compiles")}`);
    print("");
    for (const { message } of prepared.errors) print(`  ${message}`);
    const cell = prepared.errors.find(({ place }) => place.cell !== undefined)?.place.cell;
    return { passed: false, ...(cell !== undefined && { cell }) };
  }
  const programs = path.join(root, PRACTICE_PROGRAMS_FOLDER);
  const result = await check(judge, targetOf(request, programs), {
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
    if (command) print(COMMAND_PROVES_NOTHING);
    for (const criterion of kept.proved) print(`You have proved: ${criterion}.`);
    return { passed: true };
  }
  const module = failure.report.edit ?? failure.step.edit;
  const cell = prepared && (failure.cell ?? cellOf(prepared.notebook, module));
  const lines = failureLines(command ? byCommand(failure, judge, command) : failure, result, {
    ...(isCopy && { edit: { copy: practice.copy, cell: cell ?? module } }),
    ...(isCopy && !request.hintWith && { open: `npm start -- practice/${judge.part}` }),
    hints: kept.hints,
    hintWith: request.hintWith ?? `npm run check -- ${judge.part}${optionsOf(request)} --hint`,
    styles,
    ...(columns !== undefined && { columns }),
  });
  for (const line of lines) print(line);
  return { passed: false, ...(cell !== undefined && { cell }) };
}

const SERVER_PROVES_NOTHING =
  "A server is judged by its port alone: criteria are proved by your copy of the notebook.";
const COMMAND_PROVES_NOTHING = "Criteria are proved by your copy of the notebook.";

function targetOf({ server, command }: CheckRequest, programs: string): Target {
  if (server) return { server };
  return command ? { command } : { programs };
}

/** What does it again is the command, and not a program of the copy. */
function byCommand(failure: Failure, judge: Judge, command: readonly string[]): Failure {
  const own = `npm run program -- practice/${judge.programs[0]}`;
  const replay = failure.report.replay?.replaceAll(own, command.join(" "));
  return { ...failure, report: { ...failure.report, ...(replay !== undefined && { replay }) } };
}

/** What the check was called with, to be called so again. */
function optionsOf({ server, command }: CheckRequest): string {
  if (server) return ` --server ${server.host}:${server.port}`;
  return command ? ` --command "${command.join(" ")}"` : "";
}

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
