import { describe, expect, it } from "vitest";
import { type Case, readCases } from "./support/case-table";
import { eventsOf } from "./support/events";

const cases = readCases();

/** Longer inputs are cut at some places only: cutting everywhere would take their length squared. */
const CUT_EVERYWHERE_BYTES = 2000;

describe("the parser does what the case tables say", () => {
  it("and there are many cases", () => expect(cases.length).toBeGreaterThan(300));

  it.each(cases.map((one) => [one.name, one] as const))("%s", (_, one) => {
    const events = eventsOf(one.bytes);
    expectEvents(one, events);

    const { length } = one.bytes;
    const step = length <= CUT_EVERYWHERE_BYTES ? 1 : 997;
    const whole = events.join("\n");
    for (let cut = 1; cut < length; cut += step) {
      const parted = eventsOf(one.bytes, [cut]);
      // Compared as texts first: an expectation for each of so many cuts would cost more than the parser.
      if (parted.join("\n") !== whole) expect(parted, `cut at ${cut}`).toEqual(events);
    }
    const everywhere = Array.from({ length: Math.max(0, length - 1) }, (_, at) => at + 1);
    expect(eventsOf(one.bytes, everywhere), "byte by byte").toEqual(events);
  });
});

function expectEvents(one: Case, events: string[]): void {
  if (one.events !== undefined) {
    expect(events).toEqual(one.events);
    return;
  }
  const heads = events.filter((event) => event === "end").length;
  const error = /^error (\S+) (\d+) (RFC .+)$/.exec(events.at(-1) ?? "");
  expect({ accepted: heads, code: error?.[1], status: error?.[2] }).toEqual({
    accepted: one.accepted,
    code: one.error?.code,
    status: one.error && String(one.error.status),
  });
  if (error && one.error) expect(one.error.section).toContain(error[3]);
}
