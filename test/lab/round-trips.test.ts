import { expect, test } from "vitest";
import { timeTcp, timeUdp } from "../../src/lab/round-trips";
import { record } from "../../src/wire/record";

test.each([
  ["TCP", timeTcp, "connect"],
  ["UDP", timeUdp, "send datagram"],
] as const)("over %s each question goes out and is answered", async (_name, time, type) => {
  const recorder = record();
  expect(await time(3)).toBeGreaterThan(0);
  const { events } = recorder.stop();
  const count = events.filter((event) => event.type === type).length;
  expect(count).toBe(type === "connect" ? 3 : 6);
});
