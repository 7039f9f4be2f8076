/** Programs that a check runs in the process of the tests: a child process for each would cost more than all they do. */
import { EventEmitter } from "node:events";
import { PassThrough } from "node:stream";
import { finished } from "node:stream/promises";
import type { Main } from "../../../src/program/program";
import {
  type CheckOptions,
  type CheckResult,
  check,
} from "../../../src/tools/practice/judging/check";
import type { Judge } from "../../../src/tools/practice/judging/judge";
import type { Launched } from "../../../src/tools/practice/judging/program-process";
import type { Launch } from "../../../src/tools/practice/judging/start-process";

/** Beyond the part too, and on a machine that runs other tests. */
export const THOROUGH: CheckOptions = {
  further: true,
  limits: { startMs: 60_000, untilMs: 20_000, stepMs: 90_000, patience: 2 },
};

/** A program's `main` under way. Any signal stops it as Ctrl+C would. */
class InProcess extends EventEmitter implements Launched {
  readonly stdout = new PassThrough();
  readonly stderr = new PassThrough();
  readonly #stop = new AbortController();

  constructor(main: Main, args: readonly string[]) {
    super();
    const { stdout, stderr } = this;
    const { signal } = this.#stop;
    void main(args, { stdout, stderr, env: {}, signal }).then(async (status) => {
      const read = [stdout, stderr].map((stream) => finished(stream, { writable: false }));
      stdout.end();
      stderr.end();
      await Promise.all(read);
      this.emit("close", status, null);
    });
  }

  kill(): void {
    this.#stop.abort(new Error("the program was told to stop"));
  }
}

/** Starts programs by their `main`. */
export function inProcess(programs: Readonly<Record<string, Main>>): Launch {
  return (name, args) => {
    const main = programs[name];
    if (!main) throw new TypeError(`there is no program ${name}`);
    return new InProcess(main, args);
  };
}

/** Judges programs in this process, beyond the part too. */
export function checkInProcess(
  judge: Judge,
  programs: Readonly<Record<string, Main>>,
): Promise<CheckResult> {
  return check(judge, { launch: inProcess(programs) }, THOROUGH);
}
