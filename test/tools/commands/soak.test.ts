import { describe, expect, it } from "vitest";
import { config } from "../../../scripts/soak/config";
import { UsageError } from "../../../src/program/failures";
import { heard } from "./in-process";

/** Servers are started and killed, on a machine that does other things too. */
const TIMEOUT = { timeout: 120_000 };

describe("npm run soak", () => {
  it("-- config kills as often as it is told, and says what it counted", TIMEOUT, async () => {
    const { status, stdout } = await heard(() =>
      config(new Map(Object.entries({ kills: "1", seed: "7" }))),
    );
    expect(stdout).toMatch(
      /^seed 7, 1 kills\nnothing that was acknowledged is lost, nothing is torn/,
    );
    expect(stdout).toMatch(/acknowledged versions +\d+\n/);
    expect(status).toBe(0);
  });

  it.each([
    ["kills", "many"],
    ["seed", "-1"],
  ])("-- config refuses --%s %s", async (name, value) => {
    const refused = config(new Map([[name, value]]));
    await expect(refused).rejects.toThrow(`--${name} must be a whole number from 0 to`);
    await expect(refused).rejects.toThrow(UsageError);
  });
});
