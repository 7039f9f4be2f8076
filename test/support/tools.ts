/** Tests that need a tool which this machine may lack. */
import type { TestContext } from "vitest";
import { findProgram } from "../../src/lab/find-program";

/**
 * Skips the test, with the reason on the screen, when `command` is not on PATH. In continuous integration
 * (env CI set) the tool has to be there: the test fails instead.
 *
 * @param howToInstall what a person types to get it, such as `sudo apt-get install netcat-openbsd`
 */
export async function requireTool(
  ctx: TestContext,
  command: string,
  howToInstall: string,
): Promise<void> {
  if (findProgram([command]) !== undefined) return;
  const reason = `needs ${command}, which is not installed: ${howToInstall}`;
  if (process.env.CI) throw new Error(`${ctx.task.name}: ${reason}`);
  ctx.skip(reason);
}
