/** Judges a learner's work: the steps in order, up to the first that fails. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { ProgramError } from "../../../program/failures";
import { CheckedPrograms } from "./checked-programs";
import { type Address, type Judge, STEP_MAX_MS, type Step } from "./judge";
import type { ProgramLimits } from "./program-process";
import type { Launch } from "./start-process";
import { StepFailure } from "./step-failure";

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

export interface CheckResult {
  /** Names of the steps that passed. */
  readonly passed: readonly string[];
  /** How many steps there were to pass. */
  readonly total: number;
  /** Of the first step that did not pass; the others were not tried. */
  readonly failure?: StepFailure;
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

/** A step broke down by itself: that says nothing of the learner's work. */
export class JudgeError extends ProgramError {
  override readonly name = "JudgeError";
  constructor(
    step: string,
    override readonly cause: unknown,
  ) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(
      `The judge itself failed at the step "${step}" (${why}). This is no fault of your program: check again, and report it if it stays.`,
    );
  }
}

/** @throws {JudgeError} a step broke down by itself */
export async function check(
  judge: Judge,
  target: Target,
  { further = false, signal, onPassed, limits }: CheckOptions = {},
): Promise<CheckResult> {
  const remote = "server" in target;
  const steps = stepsOf(judge, { further, remote, command: "command" in target });
  const allLimits = { ...LIMITS, ...limits };
  const cwd = await mkdtemp(path.join(tmpdir(), "socket-lab-check-"));
  const programs = new CheckedPrograms({ judge, ...target, cwd, limits: allLimits });
  endWithUs(programs);
  const passed: string[] = [];
  try {
    for (const step of steps) {
      signal?.throwIfAborted();
      const failure = await runStep(step, programs, { signal, limits: allLimits });
      if (failure) return { passed, total: steps.length, failure };
      passed.push(step.name);
      onPassed?.(step);
    }
    return { passed, total: steps.length };
  } finally {
    await programs.end();
    open.delete(programs);
    await rm(cwd, { recursive: true, force: true });
  }
}

/** Those whose programs must not outlive this process. */
const open = new Set<CheckedPrograms>();

function endWithUs(programs: CheckedPrograms): void {
  if (open.size === 0) process.off("exit", killAll).on("exit", killAll);
  open.add(programs);
}

function killAll(): void {
  for (const programs of open) programs.kill();
}

async function runStep(
  step: Step,
  programs: CheckedPrograms,
  { signal, limits }: { signal: AbortSignal | undefined; limits: CheckLimits },
): Promise<StepFailure | undefined> {
  const maxMs = step.maxMs ?? limits.stepMs;
  const ending = new AbortController();
  const stop = (): void => ending.abort(signal?.reason);
  signal?.addEventListener("abort", stop);
  const timer = setTimeout(() => ending.abort(tooLong(maxMs)), maxMs);
  const aborted = new Promise<never>((_resolve, reject) => {
    ending.signal.addEventListener("abort", () => reject(ending.signal.reason));
  });
  aborted.catch(() => {}); // told to whoever waits
  const running = step.run(programs.context(ending.signal, step.hints));
  running.catch(() => {}); // when the step has been given up, nobody asks how it ended
  try {
    await Promise.race([running, aborted]);
    return undefined;
  } catch (error) {
    if (!(error instanceof StepFailure)) {
      throw ending.signal.aborted ? error : new JudgeError(step.name, error);
    }
    return await completed(error, step, programs);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
    if (!ending.signal.aborted) ending.abort(new Error("the step is over"));
    await programs.endStep();
  }
}

/** Adds to a failure what the programs themselves say of it, and how to repeat it. */
async function completed(
  failure: StepFailure,
  step: Step,
  programs: CheckedPrograms,
): Promise<StepFailure> {
  const { used } = programs;
  await Promise.all(used.map((program) => program.settle(LAST_WORDS_MS)));
  const stuck = used.find((program) => program.todo());
  const todo = stuck?.todo();
  const dead = used.find((program) => program.over && !program.endedWell);
  const facts = [failure.what];
  if (stuck && todo && !failure.what.includes(todo.todo)) {
    facts.push(`${stuck.name} stops at a TODO of the cell ${todo.cell}: ${todo.todo}.`);
  } else if (dead && !failure.what.startsWith(`${dead.name} `)) {
    facts.push(`${dead.name} has ended (${dead.endText()}).`);
  }
  const printed = (stuck ?? dead ?? used[0])?.printed() ?? "";
  const { transcript } = failure;
  // A transcript that begins with a command shows the program's output already.
  const isTold = transcript.includes(printed) || transcript.startsWith("$ ");
  return failure.with({
    step: step.name,
    what: facts.join("\n"),
    transcript: isTold ? transcript : `${transcript}\n${printed}`.trim(),
    edit: failure.edit ?? step.edit,
    cell: todo?.cell,
    ...programs.shownCommands(failure.replay),
  });
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
