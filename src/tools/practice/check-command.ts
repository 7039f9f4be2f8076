/** `npm run check`: judges a copy, a server or a command, records the result, and prints it. */
import path from "node:path";
import { NotebookError } from "../notebook/errors";
import { extractCopies, PRACTICE_PROGRAMS_FOLDER } from "../notebook/extract";
import { readNotebook } from "../notebook/files";
import type { Notebook } from "../notebook/format";
import { typeErrors } from "../notebook/typecheck";
import type { Styles } from "../terminal/palette";
import type { CheckRequest } from "./check-request";
import { failureLines, passedLine, passedLines } from "./check-text";
import type { Practice } from "./copies/copies";
import { moduleCells } from "./copies/module-cells";
import { check, stepsOf, type Target } from "./judging/check";
import { stageOf } from "./judging/stages";
import { nextThing } from "./progress/next";
import { recordResult } from "./progress/record-result";

export interface Output {
  print(line: string): void;
  readonly styles: Styles;
  /** The width of the terminal, where there is one. */
  readonly columns?: number;
}

export interface CheckOutcome {
  readonly passed: boolean;
  /** The id of the cell to look at, when a step has failed or a cell does not compile. */
  readonly cell?: string | undefined;
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
  const { practice, server, command, further } = request;
  const { judge } = practice;
  const isCopy = !server && !command;
  const copy = isCopy ? await readNotebook(root, practice.copy) : undefined;
  const errors = isCopy ? await extractErrors(root, practice) : [];
  if (errors.length > 0) {
    const total = stepsOf(judge, { further }).length;
    await recordResult(root, request, { passed: [], total }, copy);
    print(`${styles.error("✗")} ${styles.strong("compiles")}`);
    print("");
    for (const { message } of errors) print(`  ${message}`);
    return { passed: false, cell: errors.find(({ place }) => place.cell)?.place.cell };
  }
  const result = await check(judge, targetOf(root, request), {
    ...request,
    onPassed: (step) => print(passedLine(step, styles)),
  });
  const recorded = await recordResult(root, request, result, copy);
  for (const warning of recorded.warnings) print(styles.warning(warning));
  const { failure } = result;
  if (!failure) {
    const next = copy && (await nextThing(root, recorded.record, judge.part));
    const all = { proved: recorded.proved, copy, next, styles };
    for (const line of passedLines(result, request, all)) print(line);
    return { passed: true };
  }
  const { hintWith } = request;
  const cell = failure.cell ?? (copy && cellOf(copy, failure.edit)) ?? failure.edit;
  const lines = failureLines(failure, result, cell, {
    copy: copy && practice.copy,
    open: copy && !hintWith ? `npm start -- practice/${judge.part}` : undefined,
    stage: stageOf(judge, failure.step),
    hints: recorded.hints,
    hintWith: hintWith ?? `npm run check -- ${judge.part}${optionsOf(request)} --hint`,
    styles,
    columns,
  });
  for (const line of lines) print(line);
  return { passed: false, cell: copy && cell };
}

function targetOf(root: string, { server, command }: CheckRequest): Target {
  if (server) return { server };
  return command ? { command } : { programs: path.join(root, PRACTICE_PROGRAMS_FOLDER) };
}

/** What the check was called with, to be called so again. */
function optionsOf({ server, command }: CheckRequest): string {
  if (server) return ` --server ${server.host}:${server.port}`;
  return command ? ` --command "${command.join(" ")}"` : "";
}

/** Extracts the copy's programs. @returns why they cannot be judged */
async function extractErrors(
  root: string,
  { copy, judge }: Practice,
): Promise<readonly NotebookError[]> {
  const { programs, errors } = await extractCopies(root, copy);
  if (errors.length > 0) return errors;
  const missing = judge.programs
    .filter((name) => !programs.some((program) => program.name === name))
    .map((name) => new NotebookError({ file: copy }, `no cell begins with /** @module ${name} */`));
  return missing.length > 0 ? missing : typeErrors(root, PRACTICE_PROGRAMS_FOLDER, judge.programs);
}

function cellOf(notebook: Notebook, module: string | undefined): string | undefined {
  return moduleCells(notebook).find(({ name }) => name === module)?.cell;
}
