/** Names the next thing to do: the part to go on with, or to begin. */
import { listNotebooks } from "../../notebook/files";
import { copyTime, practiceOf } from "../copies/copies";
import { JUDGES } from "../judges/all";
import type { Judge } from "../judging/judge";
import type { PracticeRecord } from "./record";

/** @param after the part that has just passed: what follows it comes first */
export async function nextThing(
  root: string,
  record: PracticeRecord,
  after?: string,
  judges: readonly Judge[] = JUDGES,
): Promise<string> {
  const files = await listNotebooks(root);
  const open = judges.filter(
    ({ part }) => !record[part]?.pass && files.some((file) => file.includes(`/${part}-`)),
  );
  const begun = await Promise.all(
    open.map(async (judge) => (await copyTime(root, await practiceOf(root, judge))) !== undefined),
  );
  const followsAt = open.findIndex(({ part }) => after !== undefined && part > after);
  const at = after === undefined ? Math.max(0, begun.indexOf(true)) : Math.max(0, followsAt);
  const next = open[at];
  if (!next) return "npm run progress -- --report writes down what you have proved, to be signed";
  const { part, task } = next;
  if (!begun[at]) return `npm run challenge -- ${part} begins Part ${Number(part)}: ${task}`;
  const last = record[part]?.last;
  const reached = last ? ` (${last.passed} of ${last.total} steps)` : "";
  return `npm run check -- ${part} goes on with Part ${Number(part)}: ${task}${reached}`;
}
