/** Judges a learner's work: the steps in order, up to the first that fails. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fingerprint } from "../progress/record";
import {
  type Address,
  type FailureReport,
  type Judge,
  STEP_MAX_MS,
  type Step,
  StepFailure,
} from "./judge";
import type { Program, ProgramLimits } from "./running-program";
import type { Launch } from "./start-process";
import { Workshop } from "./step-context";

export interface CheckLimits extends ProgramLimits {
  readonly stepMs: number;
}

const LIMITS: CheckLimits = { startMs: 10_000, untilMs: 5_000, stepMs: STEP_MAX_MS };
/** How long a program that has failed a step may take to say why. */
const LAST_WORDS_MS = 150;

/**
 * What is judged: the programs of a copy in a folder, a server that runs somewhere, a command in place of
 * the judge's first program, or programs that `launch` starts.
 */
export type Target =
  | { readonly programs: string }
  | { readonly server: Address }
  | { readonly command: readonly string[] }
  | { readonly launch: Launch };

export interface CheckOptions {
  /** Also what goes beyond the part. */
  readonly further?: boolean;
  /** Aborted: the check ends at once, and throws the signal's reason. */
  readonly signal?: AbortSignal;
  /** Told each step that has passed. */
  readonly onPassed?: (step: Step) => void;
  readonly limits?: Partial<CheckLimits>;
}

export interface Failure {
  readonly step: Step;
  readonly report: FailureReport;
  /** A program that was used, whose port the replay names: how to start it. */
  readonly program?: {
    readonly name: string;
    readonly args: readonly string[];
    readonly port?: number;
  };
  /** The cell's id that a TODO named. */
  readonly cell?: string;
  /** The same for the same failure, whatever words and ports were used. */
  readonly key: string;
}

export interface CheckResult {
  /** Names of the steps that passed. */
  readonly passed: readonly string[];
  /** How many steps there were to pass. */
  readonly total: number;
  readonly failure?: Failure;
}

/** The steps that apply. */
export function stepsOf(
  judge: Judge,
  { further = false, remote = false, command = false } = {},
): readonly Step[] {
  return judge.steps
    .filter((step) => further || !step.further)
    .filter((step) => !(remote && step.local) && !((remote || command) && step.copy))
    .filter((step) => step.possible?.() ?? true);
}

export async function check(
  judge: Judge,
  target: Target,
  { further = false, signal, onPassed, limits }: CheckOptions = {},
): Promise<CheckResult> {
  const remote = "server" in target;
  const steps = stepsOf(judge, { further, remote, command: "command" in target });
  const allLimits = { ...LIMITS, ...limits };
  const cwd = await mkdtemp(path.join(tmpdir(), "socket-lab-check-"));
  const workshop = new Workshop({ judge, ...target, cwd, limits: allLimits });
  endWithUs(workshop);
  const passed: string[] = [];
  try {
    for (const step of steps) {
      signal?.throwIfAborted();
      const failure = await runStep(step, workshop, { signal, limits: allLimits });
      if (failure) return { passed, total: steps.length, failure };
      passed.push(step.name);
      onPassed?.(step);
    }
    return { passed, total: steps.length };
  } finally {
    await workshop.end();
    open.delete(workshop);
    await rm(cwd, { recursive: true, force: true });
  }
}

/** Those whose programs must not outlive this process. */
const open = new Set<Workshop>();

function endWithUs(workshop: Workshop): void {
  if (open.size === 0) process.off("exit", killAll).on("exit", killAll);
  open.add(workshop);
}

function killAll(): void {
  for (const workshop of open) workshop.kill();
}

async function runStep(
  step: Step,
  workshop: Workshop,
  { signal, limits }: { signal: AbortSignal | undefined; limits: CheckLimits },
): Promise<Failure | undefined> {
  const maxMs = step.maxMs ?? limits.stepMs;
  const ending = new AbortController();
  const stop = (): void => ending.abort(signal?.reason);
  signal?.addEventListener("abort", stop);
  const timer = setTimeout(() => ending.abort(tooLong(maxMs)), maxMs);
  const aborted = new Promise<never>((_resolve, reject) => {
    ending.signal.addEventListener("abort", () => reject(ending.signal.reason));
  });
  aborted.catch(() => {}); // told to whoever waits
  const running = step.run(workshop.bench(ending.signal, step.hints));
  running.catch(() => {}); // when the step has been given up, nobody asks how it ended
  try {
    await Promise.race([running, aborted]);
    return undefined;
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error;
    return await explained(step, error.report, workshop);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
    if (!ending.signal.aborted) ending.abort(new Error("the step is over"));
    await workshop.endStep();
  }
}

/** Adds to a failure what the programs themselves say of it. */
async function explained(step: Step, report: FailureReport, workshop: Workshop): Promise<Failure> {
  const { used } = workshop;
  await Promise.all(used.map((program) => program.settle(LAST_WORDS_MS)));
  const stuck = used.find((program) => program.todo());
  const todo = stuck?.todo();
  const dead = used.find((program) => program.over && !program.endedWell);
  const speaker = stuck ?? dead ?? used[0];
  const facts: string[] = [report.what];
  if (stuck && todo && !report.what.includes(todo.todo)) {
    facts.push(`${stuck.name} stops at a TODO of the cell ${todo.cell}: ${todo.todo}.`);
  } else if (dead && !report.what.startsWith(`${dead.name} `)) {
    facts.push(`${dead.name} has ended (${dead.endText()}).`);
  }
  const printed = speaker?.printed() ?? "";
  const own = report.transcript ?? "";
  // A transcript that begins with a command shows what came of it already.
  const isTold = own.includes(printed) || own.startsWith("$ ");
  const transcript = isTold ? own : `${own}\n${printed}`.trim();
  const program = replayed(used, report.replay);
  return {
    step,
    report: { ...report, what: facts.join("\n"), transcript },
    ...(program && { program }),
    ...(todo && { cell: todo.cell }),
    key: fingerprint(
      workshop.steady(`${step.name}: ${report.hints.join(" ")} ${todo?.todo ?? ""}`),
    ),
  };
}

/** The program whose port the command names. */
function replayed(used: readonly Program[], replay: string | undefined): Failure["program"] {
  if (replay === undefined) return undefined;
  for (const { name, args, port } of used.map(listening)) {
    if (port !== undefined && new RegExp(`[: ]${port}\\b`).test(replay))
      return { name, args, port };
  }
  return undefined;
}

function listening(program: Program): { name: string; args: readonly string[]; port?: number } {
  const { name, args } = program;
  return program.listens ? { name, args, port: program.address.port } : { name, args };
}

function tooLong(maxMs: number): StepFailure {
  return new StepFailure({
    what: `The step was not over after ${maxMs / 1000} s.`,
    hints: [
      "Something waits for what never comes.",
      "Look at what the program was doing: a loop without an end, or a receive that nothing answers.",
      "Put a `console.error(...)` before and after each `await` of the cell, and check again.",
    ],
  });
}
