import { expect, test } from "vitest";
import { until } from "../../src/lab/until";

test("resolves once the condition holds", async () => {
  let looked = 0;
  await until(() => {
    looked += 1;
    return looked === 3;
  });
  expect(looked).toBe(3);
});

test("gives up after its limit with an error that says so", async () => {
  await expect(until(() => false, 10)).rejects.toThrow("still not so after 10 ms");
});
