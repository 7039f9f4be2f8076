/** Tests that need the Apache web server. */
import type { TestContext } from "vitest";
import { type Apache, findApache } from "../../src/lab/apache/find-apache";

/** The Apache of this machine; skips the test where there is none, and fails it in CI. */
export async function requireApache(ctx: TestContext): Promise<Apache> {
  const apache = findApache();
  if (apache !== undefined) return apache;
  const reason = "needs Apache, which is not installed: sudo apt-get install apache2";
  if (process.env.CI) throw new Error(`${ctx.task.name}: ${reason}`);
  ctx.skip(reason);
  throw new Error(reason); // ctx.skip has thrown already
}
