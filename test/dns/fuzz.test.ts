import { expect, test } from "vitest";
import { checkMessage, checkZone, fuzzDns } from "../../scripts/fuzz/dns";

test("the fuzzer finds no message and no zone file that breaks a property", () => {
  const { accepted, errors } = fuzzDns(20, 4_000);
  expect(accepted).toBeGreaterThan(800);
  expect(Array.from(errors.keys())).toEqual(
    expect.arrayContaining([
      "BAD_POINTER",
      "BAD_LABEL",
      "CUT_SHORT",
      "BAD_OPT",
      "TRAILING_BYTES",
      "OPEN_QUOTE",
    ]),
  );
});

test("the fuzzer makes the same inputs from the same seed, whichever run comes first", () => {
  const whole = fuzzDns(20, 200);
  const halves = [fuzzDns(20, 100), fuzzDns(20, 100, 100)];
  expect(halves[0].accepted + halves[1].accepted).toBe(whole.accepted);
  expect(fuzzDns(21, 200)).not.toEqual(whole);
});

test("random bytes and an empty file are inputs too", () => {
  expect(checkMessage(Buffer.alloc(0))).toBe("SHORT_HEADER");
  expect(checkMessage(Buffer.alloc(12))).toBe("none");
  expect(checkZone(Buffer.alloc(0))).toBe("none");
});
