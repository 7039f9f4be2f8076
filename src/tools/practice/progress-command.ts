/** `npm run progress`: which criteria are proved, by what, and what would prove the next. */
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { writeFileAtomically } from "../notebook/files";
import type { Output } from "./check-command";
import { practiceOf } from "./copies/copies";
import { findJudge } from "./judges/all";
import { type Criterion, changedCells, readCriteria } from "./progress/criteria";
import { nextThing } from "./progress/next";
import { type PracticeRecord, readRecord } from "./progress/record";
import { reportText, sameAsLab } from "./progress/report";

/** Prints the criteria. */
export async function showProgress(root: string, { print, styles }: Output): Promise<void> {
  const { record, problem } = await readRecord(root);
  if (problem !== undefined) print(styles.warning(problem));
  const criteria = await readCriteria(root, record);
  const proved = criteria.filter(({ proof }) => proof).length;
  print(styles.title(`${proved} of ${criteria.length} criteria proved on your own copies`));
  print("");
  for (const criterion of criteria) {
    const { name, proof } = criterion;
    print(`${proof ? styles.ok("✓") : "○"} ${name}`);
    for (const line of await details(root, criterion)) print(`  ${styles.muted(line)}`);
  }
  print("");
  print(`Next: ${await nextThing(root, record)}`);
}

async function details(root: string, { parts, proof }: Criterion): Promise<string[]> {
  if (!proof) {
    if (parts.length === 0) return ["no part of it can be practised yet"];
    return [`to prove it: ${parts.map((part) => `npm run challenge -- ${part}`).join(" or ")}`];
  }
  const changed = await changedCells(root, proof);
  const since = changed.length > 0 ? "; the copy has changed since" : "";
  return [`${proof.at.slice(0, 10)}, ${proof.by}${since}`];
}

/** Writes the report. @throws an error of the system when that cannot be done */
export async function writeReport(root: string, file: string, now: Date): Promise<void> {
  const { record } = await readRecord(root);
  const criteria = await readCriteria(root, record);
  const same = await sameAsLab(root, record, (part) => notebookOf(root, part));
  await mkdir(path.dirname(file), { recursive: true });
  await writeFileAtomically(file, reportText({ criteria, record: known(record), now, same }));
}

async function notebookOf(root: string, part: string): Promise<string> {
  const judge = findJudge(part);
  return judge ? (await practiceOf(root, judge)).notebook : part;
}

/** Parts that the lab no longer judges are left out. */
function known(record: PracticeRecord): PracticeRecord {
  return Object.fromEntries(Object.entries(record).filter(([part]) => findJudge(part)));
}
