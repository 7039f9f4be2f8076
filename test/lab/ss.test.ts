/** The system's table of TCP sockets, where it has the command for it. */
import { expect, it } from "vitest";
import { ss } from "../../src/lab/ss";
import { listen } from "../../src/sockets/tcp";

it("shows the rows of one port, or says that the system has no ss", async () => {
  const server = await listen({ port: 0, backlog: 7 });
  const table = ss(server.local.port);
  const listening = ss(server.local.port, "state", "listening");
  await server.close();
  if (!table.startsWith("State")) {
    expect(table).toMatch(/^There is no ss here\./);
    return;
  }
  const rows = table.split("\n");
  expect(rows).toHaveLength(2);
  expect(rows[0]).toMatch(/^State .*Peer Address:Port$/);
  expect(rows[1]).toMatch(new RegExp(`^LISTEN +0 +7 +127\\.0\\.0\\.1:${server.local.port} `));
  expect(listening.split("\n")[1]).toMatch(/^0 +7 /);
});

it("says so in a line where the command is not to be had", () => {
  const path = process.env.PATH;
  process.env.PATH = "";
  try {
    expect(ss(80)).toBe("There is no ss here. On macOS, netstat -an -p tcp shows the same table.");
  } finally {
    process.env.PATH = path;
  }
});
