import { expect, test } from "vitest";
import { GroupCommit } from "../../src/store/group-commit";

const LIMITS = { maxChanges: 3, maxBytes: 100 };

test("what comes while a group is under way waits, and goes together, in order, up to the limits", async () => {
  const groups: number[][] = [];
  const commits = new GroupCommit<number, number>(LIMITS, async (group) => {
    groups.push(group.map(({ change }) => change));
    await Promise.resolve();
    for (const { change, resolve } of group) resolve(-change);
  });
  const results = [1, 2, 3, 4, 5].map((change) => commits.submit(change, 1));
  const large = [commits.submit(6, 90), commits.submit(7, 90), commits.submit(8, 1_000)];
  expect(await Promise.all([...results, ...large])).toEqual([-1, -2, -3, -4, -5, -6, -7, -8]);
  expect(groups).toEqual([[1, 2, 3], [4, 5, 6], [7], [8]]);
});

test("a commit that throws rejects its group, and the next is tried", async () => {
  let first = true;
  const commits = new GroupCommit<number, number>(LIMITS, async (group) => {
    if (first) {
      first = false;
      throw new RangeError("no");
    }
    for (const { change, resolve } of group) resolve(change);
  });
  await expect(commits.submit(1, 1)).rejects.toThrow("no");
  await expect(commits.submit(2, 1)).resolves.toBe(2);
  await commits.idle();
});
