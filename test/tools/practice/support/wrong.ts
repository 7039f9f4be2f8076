/** A table of programs that are wrong, each with the step of a judge that must catch it. */
import type { Main } from "../../../../src/program/program";

export interface Wrong {
  /** What is wrong with it: `answers the same to everything`. */
  readonly fault: string;
  /** The name of the step. */
  readonly step: string;
  /** Programs in place of the right ones. */
  readonly programs: Readonly<Record<string, Main>>;
}
