/** Finds the tests of a part's programs and runs them with vitest. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Part } from "../notebook/parts";
import type { Tools } from "./model";
import { type FileVerdict, type TestFile, type VitestReport, verdictsFrom } from "./test-verdicts";

const TESTS_FOLDER = "test/programs";
/** The end of what the test runner itself said, for when it fails as a whole. */
const MAX_RUNNER_TEXT_CHARS = 20_000;

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

/** @throws Error the test runner itself failed or was stopped; the message is what it said */
export async function runTests(
  { root, env, own }: Pick<Tools, "root" | "env" | "own">,
  files: readonly TestFile[],
  signal: AbortSignal,
): Promise<FileVerdict[]> {
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
    own(child, true);
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
