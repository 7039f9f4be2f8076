import { expect, test } from "vitest";
import { Changes } from "../../src/lab/changes";

const LONG_MS = 60_000;
const never = () => false;
const failed = (why: string) => new Error(`not found ${why}`);

test("finds at once what is there", async () => {
  expect(await new Changes().until(() => "here", never, LONG_MS, failed)).toBe("here");
});

test("looks again after each change, and only then", async () => {
  const changes = new Changes();
  let value: string | undefined;
  let looks = 0;
  const found = changes.until(
    () => {
      looks += 1;
      return value;
    },
    never,
    LONG_MS,
    failed,
  );
  expect(looks).toBe(1);
  changes.tell();
  await new Promise(setImmediate);
  expect(looks).toBe(2);
  value = "come";
  changes.tell();
  expect(await found).toBe("come");
  expect(looks).toBe(3);
});

test("fails when no more changes come", async () => {
  const found = new Changes().until(
    () => undefined,
    () => true,
    LONG_MS,
    failed,
  );
  await expect(found).rejects.toThrow("not found before it ended");
});

test("fails after the deadline", async () => {
  const found = new Changes().until(() => undefined, never, 1, failed);
  await expect(found).rejects.toThrow("not found within 1 ms");
});

test("finds what came together with the end", async () => {
  expect(
    await new Changes().until(
      () => 1,
      () => true,
      LONG_MS,
      failed,
    ),
  ).toBe(1);
});
