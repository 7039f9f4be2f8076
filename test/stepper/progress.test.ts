import { expect, it } from "vitest";
import { type Progress, proofOf, withProof } from "../../src/stepper/progress";

const NOTHING: Progress = { version: 1, parts: {}, criteria: {} };
const PROOF = { at: "2026-01-02T03:04:05Z", by: "tests of tcp_server" };

it("criteria are proved by tests that pass, and no longer by tests that fail", () => {
  const other = withProof(NOTHING, ["other"], PROOF);
  const proved = withProof(other, ["listen", "accept"], PROOF);
  expect(proofOf(proved, "accept")).toEqual(PROOF);
  const refuted = withProof(proved, ["listen", "accept"], undefined);
  expect(proofOf(refuted, "accept")).toBeUndefined();
  expect(proofOf(refuted, "other")).toEqual(PROOF);
});
