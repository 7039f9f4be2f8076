/** `npm run challenge`: what can be practised, and a blank copy of it. */
import { copyTime, makeCopy, type Practice, practiceOf, resetCopy } from "./copies/copies";
import { JUDGES } from "./judges/all";
import { readRecord } from "./progress/record";

export interface ChallengeOptions {
  readonly reset: boolean;
  /** Asks the learner; undefined when nobody can be asked. */
  readonly confirm: ((question: string) => Promise<boolean>) | undefined;
  readonly print: (line: string) => void;
}

/** `06  challenge  an HTTP server  begun, 5 of 13 steps` for each judge, under a heading. */
export async function challengeList(root: string, judges = JUDGES): Promise<string[]> {
  const { record, problem } = await readRecord(root);
  const rows = await Promise.all(
    judges.map(async (judge) => {
      const begun = await copyTime(root, await practiceOf(root, judge));
      const { pass, last } = record[judge.part] ?? {};
      const attempt = last ? `, ${last.passed} of ${last.total} steps` : "";
      const standing = pass
        ? `passed on ${pass.at.slice(0, 10)}`
        : begun
          ? `begun${attempt}`
          : "not begun";
      return [judge.part, judge.kind, judge.task, standing];
    }),
  );
  const all = [["part", "", "task", ""], ...rows];
  const widths = [0, 1, 2].map((at) => Math.max(...all.map((row) => (row[at] ?? "").length)));
  const lines = all.map((row) =>
    row
      .map((text, at) => text.padEnd(widths[at] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return [
    ...(problem === undefined ? [] : [problem, ""]),
    ...lines,
    "",
    "npm run challenge -- 06 makes your copy of Part 6; npm run check -- 06 judges it.",
  ];
}

/** Makes the copy, or replaces it by a blank one. @returns the exit status */
export async function startChallenge(
  root: string,
  practice: Practice,
  { reset, confirm, print }: ChallengeOptions,
): Promise<number> {
  const { judge, copy } = practice;
  const { part } = judge;
  const next = [
    `  npm start -- practice/${part}   opens it (or open it in JupyterLab or VS Code)`,
    `  npm run check -- ${part}        judges it, and says what is to be done next`,
  ];
  if (await makeCopy(root, practice)) {
    print(`${copy} is yours: build ${judge.task} in it.`);
    for (const line of next) print(line);
    return 0;
  }
  if (!reset) {
    print(`${copy} is there already, and stays as it is.`);
    for (const line of next) print(line);
    print(`  npm run challenge -- ${part} --reset starts again, and keeps what you have`);
    return 0;
  }
  if (!confirm) {
    print(`To start again without being asked: npm run challenge -- ${part} --reset --yes`);
    return 1;
  }
  if (!(await confirm(`Start ${copy} again? The copy of now is kept in practice/backups.`))) {
    print(`${copy} stays as it is.`);
    return 1;
  }
  const backup = await resetCopy(root, practice, new Date());
  print(`${copy} is blank again. What it was is in ${backup}`);
  return 0;
}
