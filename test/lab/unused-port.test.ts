import { expect, test } from "vitest";
import { unusedPort } from "../../src/lab/unused-port";
import { connect } from "../../src/sockets/tcp";

test("nobody listens on it, and the system lends it to no client", async () => {
  const port = await unusedPort();
  await expect(connect({ port })).rejects.toMatchObject({ code: "REFUSED" });
  expect(port).toBeLessThan(32_768);
});
