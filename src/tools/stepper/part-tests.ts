/** Runs the tests of a part's programs, and says which one objects to which cell. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { safeOutput } from "../../program/safe-text";
import { type Part, programsHash } from "../notebook/parts";
import { cut, wrapAnywhere, wrapOutput, wrapWords } from "../terminal/layout";
import type { Styles } from "../terminal/palette";
import type { AppContext } from "./context";
import type { TestRecord } from "./progress";
import { TextView } from "./text-view";

const TESTS_FOLDER = "test/programs";
/** The end of what the test runner itself said, for when it fails as a whole. */
const MAX_RUNNER_TEXT_CHARS = 20_000;

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

/** The test files of the part's programs: `tcp-server.test.ts`, `web-server-attacks.test.ts`. */
export async function testFilesOf(
  root: string,
  part: Part,
  parts: readonly Part[],
): Promise<TestFile[]> {
  const names = await readdir(path.join(root, TESTS_FOLDER)).catch(() => []);
  const programs = parts.flatMap(({ file, cells }) =>
    cells.flatMap(({ id, program }) => (program ? [{ part: file, cell: id, program }] : [])),
  );
  return names.sort().flatMap((name) => {
    const stem = /^(.+)\.test\.ts$/.exec(name)?.[1];
    // The longest name that fits: http-server-x is a test of http_server, not of an "http".
    const [owner] = programs
      .filter(({ program }) => `${stem}-`.startsWith(`${program.replaceAll("_", "-")}-`))
      .sort((a, b) => b.program.length - a.program.length);
    if (stem === undefined || owner?.part !== part.file) return [];
    return [{ file: `${TESTS_FOLDER}/${name}`, program: owner.program, cell: owner.cell }];
  });
}

/** Opens a view that runs the part's tests, and keeps their verdict with the progress. */
export async function showTests(app: AppContext, part: Part): Promise<void> {
  const files = await testFilesOf(app.root, part, app.parts);
  if (files.length === 0) {
    app.notify(`Part ${part.number} has no programs, and so no tests of them.`);
    return;
  }
  let verdicts: readonly FileVerdict[] | undefined;
  let failure: string | undefined;
  let stacks = false;
  const programs = files.map(({ program, cell }) => `${program} (cell ${cell})`);
  const view: TextView = new TextView(app, {
    title: `Tests of Part ${part.number}`,
    aside: part.title,
    lines: (columns) => {
      const { styles } = app;
      if (failure !== undefined) {
        return safeOutput(failure, false)
          .split("\n")
          .flatMap((line) => wrapAnywhere(line, columns));
      }
      if (verdicts) return verdictLines(verdicts, { file: part.file, columns, styles, stacks });
      return wrapWords(
        `Testing ${[...new Set(programs)].join(", ")} as the cells are now …`,
        columns,
      );
    },
    hints: [
      ["t", "run them again"],
      ["s", "stacks"],
    ],
    key: (name) => {
      if (name === "s") stacks = !stacks;
      else if (name === "t") void run();
      else return false;
      return true;
    },
  });
  const run = async (): Promise<void> => {
    const controller = new AbortController();
    await app.during({ label: "testing", stop: () => controller.abort() }, async () => {
      verdicts = undefined;
      failure = undefined;
      try {
        verdicts = await runTests(app, files, controller.signal);
      } catch (error) {
        failure = error instanceof Error ? error.message : String(error);
        return;
      }
      const at = new Date().toISOString();
      const tests = { ...countsOf(verdicts), at, programs: programsHash(part) };
      await app.store.updatePart(part.file, (progress) => ({ ...progress, tests }));
    });
  };
  app.push(view);
  await run();
}

/** @throws Error the test runner itself failed or was stopped; the message is what it said */
async function runTests(
  app: AppContext,
  files: readonly TestFile[],
  signal: AbortSignal,
): Promise<FileVerdict[]> {
  const { root, env } = app;
  const vitest = path.join(root, "node_modules/vitest/vitest.mjs");
  if (!existsSync(vitest)) {
    throw new Error('The test runner is not installed: run "npm ci" without --omit=dev.');
  }
  const folder = await mkdtemp(path.join(tmpdir(), "socket-lab-tests-"));
  try {
    const report = path.join(folder, "report.json");
    const args = ["run", "--reporter=json", `--outputFile=${report}`, "--no-color"];
    const child = spawn(process.execPath, [vitest, ...args, ...files.map(({ file }) => file)], {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
      // A group of its own: Ctrl+C is for us to pass on, and its workers end with it.
      detached: process.platform !== "win32",
      env: { ...env, CI: undefined, VITEST: undefined, TEST: undefined, NODE_ENV: undefined },
    });
    app.own(child, true);
    let said = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        said = (said + text).slice(-MAX_RUNNER_TEXT_CHARS);
      });
    }
    signal.addEventListener("abort", () => child.kill("SIGTERM"));
    await new Promise<void>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", () => resolve());
    });
    if (signal.aborted) throw new Error("The tests were stopped.");
    const text = await readFile(report, "utf8").catch(() => undefined);
    if (text === undefined) throw new Error(`The tests could not be run.\n\n${said}`);
    return verdictsFrom(JSON.parse(text) as VitestReport, files);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
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
  const objections = all.length - passed - skipped + verdicts.filter((one) => one.problem).length;
  const counts = `${passed} passed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
  lines.push(
    objections === 0
      ? styles.ok(`✓ ${counts}: nothing objects.`)
      : styles.error(`✗ ${objections} objection${objections === 1 ? "" : "s"}, ${counts}`),
    "",
  );
  // Those that object come first.
  const objecting = ({ tests, problem }: FileVerdict): boolean =>
    problem !== undefined || tests.some((test) => !test.passed && !test.skipped);
  const ordered = [...verdicts.filter(objecting), ...verdicts.filter((one) => !objecting(one))];
  for (const verdict of ordered) {
    const { program, cell, problem, tests } = verdict;
    const failed = tests.filter((test) => !test.passed && !test.skipped);
    const mark = objecting(verdict) ? styles.error("✗") : styles.ok("✓");
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
