import { describe, expect, it } from "vitest";
import { config } from "../../../scripts/soak/config";
import { heard } from "./in-process";

/** Servers are started and killed, on a machine that does other things too. */
const TIMEOUT = { timeout: 120_000 };

describe("npm run soak", () => {
  it("-- config kills as often as it is told, and says what it counted", TIMEOUT, async () => {
    const { status, stdout } = await heard(() => config(["--kills", "1", "--seed", "7"]));
    expect(stdout).toMatch(
      /^seed 7, 1 kills\nnothing that was acknowledged is lost, nothing is torn/,
    );
    expect(stdout).toMatch(/acknowledged versions +\d+\n/);
    expect(status).toBe(0);
  });

  it("-- config says what is wrong with an option, and gives 2", async () => {
    for (const args of [["--kills", "many"], ["--seed", "-1"], ["--loud"]]) {
      const { status, stderr } = await heard(() => config(args));
      expect(stderr).toMatch(/^soak config: .*\nUsage: /);
      expect(status).toBe(2);
    }
  });
});
