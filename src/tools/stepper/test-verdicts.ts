/** What the tests of a part's programs say, and to which cell, as lines. */
import { safeOutput } from "../../program/safe-text";
import { cut, wrapOutput, wrapWords } from "../terminal/layout";
import type { Styles } from "../terminal/palette";
import type { TestRecord } from "./progress";

export interface TestFile {
  /** `test/programs/tcp-server.test.ts` */
  readonly file: string;
  readonly program: string;
  readonly cell: string;
}

export interface TestVerdict {
  readonly name: string;
  readonly passed: boolean;
  readonly skipped: boolean;
  readonly messages: readonly string[];
}

export interface FileVerdict extends TestFile {
  readonly tests: readonly TestVerdict[];
  /** Why the file could not be run at all. */
  readonly problem?: string;
}

/** What we read of vitest's JSON report, which has the shape of Jest's. */
export interface VitestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly message?: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages?: readonly string[] | null;
    }[];
  }[];
}

export function verdictsFrom(report: VitestReport, files: readonly TestFile[]): FileVerdict[] {
  return files.map((file) => {
    const found = report.testResults.find(({ name }) =>
      name.replaceAll("\\", "/").endsWith(`/${file.file}`),
    );
    if (!found) return { ...file, tests: [], problem: "was not run" };
    const tests = found.assertionResults.map(({ fullName, status, failureMessages }) => ({
      name: fullName.trim(),
      passed: status === "passed",
      skipped: status !== "passed" && status !== "failed",
      messages: failureMessages ?? [],
    }));
    const problem = tests.length === 0 ? found.message || "has no tests" : undefined;
    return { ...file, tests, ...(problem !== undefined && { problem }) };
  });
}

/** As the progress keeps it; a file that could not be run has failed. */
export function countsOf(verdicts: readonly FileVerdict[]): Pick<TestRecord, "passed" | "failed"> {
  const all = verdicts.flatMap(({ tests }) => tests);
  const failed = all.filter(({ passed, skipped }) => !passed && !skipped).length;
  const broken = verdicts.filter(({ problem }) => problem !== undefined).length;
  const passed = all.filter((test) => test.passed).length;
  return { passed, failed: failed + broken };
}

export function verdictLines(
  verdicts: readonly FileVerdict[],
  {
    file,
    columns,
    styles,
    stacks,
  }: { file: string; columns: number; styles: Styles; stacks: boolean },
): string[] {
  const lines: string[] = [];
  const indented = (text: string, by: number, paint: (text: string) => string): string[] =>
    wrapWords(text, columns - by).map((line) => " ".repeat(by) + paint(line));
  const all = verdicts.flatMap(({ tests }) => tests);
  const passed = all.filter((test) => test.passed).length;
  const skipped = all.filter((test) => test.skipped).length;
  const failures = all.length - passed - skipped + verdicts.filter((one) => one.problem).length;
  const counts = `${passed} passed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
  lines.push(
    failures === 0 ? styles.ok(`✓ ${counts}`) : styles.error(`✗ ${failures} failed, ${counts}`),
    "",
  );
  // Those that fail come first.
  const failing = ({ tests, problem }: FileVerdict): boolean =>
    problem !== undefined || tests.some((test) => !test.passed && !test.skipped);
  const ordered = [...verdicts.filter(failing), ...verdicts.filter((one) => !failing(one))];
  for (const verdict of ordered) {
    const { program, cell, problem, tests } = verdict;
    const failed = tests.filter((test) => !test.passed && !test.skipped);
    const mark = failing(verdict) ? styles.error("✗") : styles.ok("✓");
    const place = styles.muted(`${file}#${cell}`);
    lines.push(cut(`${mark} ${styles.strong(program)}  ${place}`, columns));
    lines.push(cut(`  ${styles.muted(verdict.file)}`, columns));
    if (problem !== undefined) lines.push(...indented(safeOutput(problem, false), 4, styles.error));
    for (const { name, messages } of failed) {
      lines.push(...indented(`✗ ${name}`, 2, styles.error));
      for (const message of messages) {
        const [what = "", ...stack] = splitStack(safeOutput(message, false));
        lines.push(
          ...what
            .split("\n")
            .flatMap((line) => wrapOutput(line, columns - 6))
            .map((line) => `      ${line}`),
        );
        const shown = stacks ? stack : stack.filter((line) => line.includes(".ipynb")).slice(0, 1);
        lines.push(...shown.flatMap((line) => indented(line.trim(), 6, styles.muted)));
      }
    }
    for (const test of tests.filter((one) => one.passed || one.skipped)) {
      const text = test.skipped ? `- ${test.name} (skipped)` : `✓ ${test.name}`;
      lines.push(...indented(text, 2, styles.muted));
    }
    lines.push("");
  }
  return lines;
}

/** The message, and the lines of the stack. */
function splitStack(message: string): string[] {
  const lines = message.trimEnd().split("\n");
  const at = lines.findIndex((line) => /^\s+at .*:\d+/.test(line));
  return at < 0 ? [message.trimEnd()] : [lines.slice(0, at).join("\n"), ...lines.slice(at)];
}
