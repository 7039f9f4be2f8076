import { describe, expect, it } from "vitest";
import { startCommand } from "./support";

const DEADLINE_MS = 60_000;

describe("npm run soak", () => {
  it("-- config kills as often as it is told, and says what it counted", async () => {
    const { status, stdout } = await startCommand("soak", [
      "config",
      "--kills",
      "3",
      "--seed",
      "7",
    ]).end(DEADLINE_MS);
    expect(stdout).toMatch(
      /^seed 7, 3 kills\nnothing that was acknowledged is lost, nothing is torn/,
    );
    expect(stdout).toMatch(/acknowledged versions +\d+\n/);
    expect(status).toBe(0);
  }, 90_000);

  it("-- config says what is wrong with an option, and exits with 2", async () => {
    for (const args of [["--kills", "many"], ["--seed", "-1"], ["--loud"]]) {
      const { status, stderr } = await startCommand("soak", ["config", ...args]).end(DEADLINE_MS);
      expect(stderr).toMatch(/^soak config: .*\nUsage: /);
      expect(status).toBe(2);
    }
  }, 90_000);
});
