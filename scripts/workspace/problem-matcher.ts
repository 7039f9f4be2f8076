/** Matches a task's output as VS Code does (https://code.visualstudio.com/docs/debugtest/tasks). */
import { stripVTControlCharacters } from "node:util";

export interface Pattern {
  readonly regexp: string;
  readonly kind?: "file" | "location";
  readonly file?: number;
  readonly line?: number;
  readonly column?: number;
  readonly code?: number;
  readonly message?: number;
}

export interface ProblemMatcher {
  readonly owner: string;
  readonly fileLocation: readonly string[];
  readonly pattern: Pattern | readonly Pattern[];
}

/** Where the Problems panel leads, and what it says. */
export interface Problem {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  readonly message: string;
}

/** Of the matchers that fit the lines so far the one with most lines wins, and its lines are used up. */
export function problemsIn(output: string, matchers: readonly ProblemMatcher[]): Problem[] {
  const found: Problem[] = [];
  const patterns = matchers.map(({ pattern }) => [pattern].flat() as Pattern[]);
  const longest = Math.max(...patterns.map(({ length }) => length));
  let buffer: string[] = [];
  for (const line of stripVTControlCharacters(output).split(/\r?\n/)) {
    buffer = [...buffer, line].slice(-longest);
    const fits = buffer
      .flatMap((_, start) => patterns.filter(({ length }) => length === buffer.length - start))
      .map((one) => match(buffer.slice(-one.length), one))
      .find((problem) => problem !== undefined);
    if (!fits) continue;
    found.push(fits);
    buffer = [];
  }
  return found;
}

function match(lines: readonly string[], patterns: readonly Pattern[]): Problem | undefined {
  const data = new Map<string, string>();
  for (const [at, pattern] of patterns.entries()) {
    const groups = new RegExp(pattern.regexp).exec(lines[at] ?? "");
    if (!groups) return undefined;
    for (const name of ["file", "line", "column", "message"] as const) {
      const value = groups[pattern[name] ?? -1];
      if (value !== undefined) data.set(name, value);
    }
  }
  const [file, message] = [data.get("file"), data.get("message")];
  if (file === undefined || !message) return undefined;
  if (patterns.some(({ kind }) => kind === "file")) return { file, message };
  const [line, column] = [data.get("line"), data.get("column")];
  if (line === undefined) return undefined;
  const place = { file, message, line: Number(line) };
  return column === undefined ? place : { ...place, column: Number(column) };
}
