import { describe, expect, it, type TestContext, vi } from "vitest";
import { requireTool } from "./tools";

/** A test's context that notes why it was skipped. */
function context(): { ctx: TestContext; reasons: string[] } {
  const reasons: string[] = [];
  const ctx = {
    task: { name: "a test" },
    skip: (reason: string) => reasons.push(reason),
  };
  return { ctx: ctx as unknown as TestContext, reasons }; // only these two are used
}

describe("a test that needs a tool", () => {
  it("runs where the tool is there", async () => {
    const { ctx, reasons } = context();
    await requireTool(ctx, "node", "see https://nodejs.org/");
    expect(reasons).toEqual([]);
  });

  it("is skipped, with what to do, where it is missing", async () => {
    vi.stubEnv("CI", undefined);
    const { ctx, reasons } = context();
    await requireTool(ctx, "no-such-tool", "sudo apt-get install no-such-tool");
    vi.unstubAllEnvs();
    const advice = "needs no-such-tool, which is not installed: sudo apt-get install no-such-tool";
    expect(reasons).toEqual([advice]);
  });

  it("fails in continuous integration", async () => {
    vi.stubEnv("CI", "true");
    const { ctx } = context();
    await expect(requireTool(ctx, "no-such-tool", "get it")).rejects.toThrow(
      "a test: needs no-such-tool",
    );
    vi.unstubAllEnvs();
  });
});
