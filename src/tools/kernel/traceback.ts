// Errors as a learner should read them: what happened, and the line of the cell or file where.

import { inspect, types } from "node:util";
import type { Place, Sources } from "./sources";

const MAX_FRAMES = 10;
const MAX_CAUSES = 5;
const MAX_AGGREGATED = 10;
const INDENT = "    ";

export interface ErrorReport {
  ename: string;
  evalue: string;
  traceback: string[];
}

/**
 * Makes every `error.stack` name cells and files of the lab by their own lines, without frames of Node
 * or of this kernel. V8 calls the hook when a stack is first read.
 */
export function installStackTraces(sources: Sources): void {
  Error.prepareStackTrace = (error, frames) => {
    const lines = [headline(error)];
    for (const frame of frames) {
      const place = placeOf(frame, sources);
      if (place && lines.length <= MAX_FRAMES)
        lines.push(`${INDENT}at ${describeFrame(frame, place)}`);
    }
    return lines.join("\n");
  };
}

function placeOf(frame: NodeJS.CallSite, sources: Sources): Place | undefined {
  const script = frame.getFileName();
  const line = frame.getLineNumber();
  if (!script || line === null) return undefined;
  return sources.locate(stripFileScheme(script), line, frame.getColumnNumber() ?? 1);
}

function stripFileScheme(script: string): string {
  return script.startsWith("file://") ? decodeURI(new URL(script).pathname) : script;
}

/** V8's own words for the frame, with the place in the source. */
function describeFrame(frame: NodeJS.CallSite, place: Place): string {
  const at = formatPlace(place);
  const text = String(frame);
  // "async handler (script:1:2)", or only "script:1:2" for the top level of a cell.
  const call = /^(.*) \(.*\)$/s.exec(text)?.[1];
  if (!call || /^(async )?Object\.<anonymous>$/.test(call)) {
    return text.startsWith("async ") ? `async ${at}` : at;
  }
  return `${call} (${at})`;
}

export function formatPlace({ label, line, column }: Place): string {
  return `${label}:${line}:${column}`;
}

function headline(error: unknown): string {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return "Error";
  }
}

/** The report of anything thrown. */
export function reportError(thrown: unknown, sources: Sources): ErrorReport {
  if (!isErrorLike(thrown)) {
    const evalue = inspect(thrown);
    const hint = "thrown as it is; throw an Error to see where it came from";
    return { ename: "NonError", evalue, traceback: [`NonError: ${evalue}`, `${INDENT}(${hint})`] };
  }
  const ename = nameOf(thrown);
  return { ename, evalue: String(thrown.message), traceback: describe(thrown, sources, 0) };
}

interface ErrorLike {
  name?: unknown;
  message: unknown;
  stack?: unknown;
  cause?: unknown;
  errors?: unknown;
}

function isErrorLike(value: unknown): value is ErrorLike {
  if (types.isNativeError(value) || value instanceof Error) return true;
  return typeof value === "object" && value !== null && "stack" in value && "message" in value;
}

function nameOf(error: ErrorLike): string {
  return typeof error.name === "string" && error.name !== "" ? error.name : "Error";
}

function describe(error: ErrorLike, sources: Sources, depth: number): string[] {
  const lines = [
    `${nameOf(error)}: ${String(error.message)}`.replace(/: $/, ""),
    ...framesOf(error),
  ];
  withExcerpt(lines, sources);
  const details = detailsOf(error);
  if (details) lines.push(`${INDENT}${details}`);
  if (Array.isArray(error.errors)) {
    for (const [i, one] of error.errors.slice(0, MAX_AGGREGATED).entries()) {
      lines.push(...nested(`error ${i + 1} of ${error.errors.length}`, one, sources, depth));
    }
  }
  if (error.cause !== undefined) lines.push(...nested("caused by", error.cause, sources, depth));
  return lines;
}

function nested(title: string, value: unknown, sources: Sources, depth: number): string[] {
  if (depth >= MAX_CAUSES) return [];
  const lines = isErrorLike(value) ? describe(value, sources, depth + 1) : [inspect(value)];
  return [`${title}: ${lines[0]}`, ...lines.slice(1)];
}

function framesOf(error: ErrorLike): string[] {
  const stack = typeof error.stack === "string" ? error.stack : "";
  return stack.split("\n").filter((line) => /^\s+at /.test(line));
}

/** Shows the source line under the first frame that has one. */
function withExcerpt(lines: string[], sources: Sources): void {
  const at = lines[1] ? /\(?([^()]*):(\d+):(\d+)\)?$/.exec(lines[1].replace(/^\s+at /, "")) : null;
  const text = at && sources.textOf(at[1] as string, Number(at[2]));
  if (at && text) lines.splice(2, 0, ...excerpt(text, Number(at[2]), Number(at[3])));
}

/** A source line with a caret under the column: `  12 | const x = y.z;`. */
export function excerpt(text: string, line: number, column: number, length = 1): string[] {
  const gutter = `${String(line).padStart(6)} | `;
  const indent = text.slice(0, column - 1).replace(/[^\t]/g, " ");
  const width = Math.max(1, Math.min(length, text.length - column + 1));
  return [`${gutter}${text}`, `${" ".repeat(gutter.length - 2)}| ${indent}${"^".repeat(width)}`];
}

/** Fields that the error carries besides its message, such as `code: 'ECONNREFUSED'`. */
function detailsOf(error: ErrorLike): string | undefined {
  const fields = Object.entries(error).filter(
    ([key, value]) =>
      !["name", "message", "stack", "cause", "errors"].includes(key) &&
      (typeof value !== "object" || value === null) &&
      typeof value !== "function" &&
      value !== undefined,
  );
  if (fields.length === 0) return undefined;
  return inspect(Object.fromEntries(fields), { breakLength: Number.POSITIVE_INFINITY });
}
