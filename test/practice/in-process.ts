/** Judges programs that run in the process of the tests: a child process for each would cost more than all they do. */
import { randomBytes } from "node:crypto";
import type { Address, Bench, FailureReport, Judge, Running } from "../../src/practice/judge";
import { StepFailure } from "../../src/practice/judge";

/** What a program that has ended leaves. */
export interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program: it ends soon after the signal was aborted, if not by itself. */
export type Run = (args: readonly string[], signal: AbortSignal) => Promise<Ended>;

export interface Subject {
  readonly run?: Run;
  readonly server?: Address;
}

export interface FirstFailure {
  readonly step: string;
  readonly report: FailureReport;
}

/** The first step of these that fails, in their order; undefined when all have passed. */
export async function firstFailure(
  { run, server }: Subject,
  steps: Judge["steps"],
): Promise<FirstFailure | undefined> {
  for (const step of steps) {
    const closings: (() => void | Promise<void>)[] = [];
    const over = new AbortController();
    const none = (): never => {
      throw new TypeError(`"${step.name}" needs what is not here`);
    };
    const bench: Bench = {
      server: async () => server ?? none(),
      output: () => undefined,
      start: none,
      run: async (_program, args = []) => started(run ?? none(), args, over.signal),
      word: () => Array.from(randomBytes(12), (byte) => "bcdfghjklmnpqrst"[byte % 16]).join(""),
      after: (close) => void closings.push(close),
      signal: over.signal,
    };
    try {
      await step.run(bench);
    } catch (error) {
      if (!(error instanceof StepFailure)) throw error;
      return { step: step.name, report: error.report };
    } finally {
      over.abort();
      for (const close of closings.reverse()) await close();
    }
  }
  return undefined;
}

function started(run: Run, args: readonly string[], signal: AbortSignal): Running {
  const killed = new AbortController();
  let said: Ended = { status: 0, stdout: "", stderr: "" };
  const ended = run(args, AbortSignal.any([signal, killed.signal])).then((end) => {
    said = end;
    return { status: end.status, signal: null };
  });
  return {
    address: { host: "", port: 0 },
    stdout: () => said.stdout,
    stderr: () => said.stderr,
    until: () => Promise.reject(new TypeError("it is asked for its end only")),
    kill: () => killed.abort(),
    ended: () => ended,
  };
}
