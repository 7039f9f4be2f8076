/** The line server of Part 2 against clients that send too much, too little or nothing. */
import { afterEach, expect, it } from "vitest";
import { serveLines } from "../../dist/line_server";
import { lines } from "../../dist/lines";
import { connect, listen, type TcpServer, type TcpSocket } from "../../src/sockets/tcp";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const socket of open.splice(0)) await socket.close();
});

/** A server with this much patience, a client of it, and what the server prints. */
async function served(silenceMaxMs?: number): Promise<{ client: TcpSocket; log: string[] }> {
  const server: TcpServer = await listen({ port: 0 });
  const log: string[] = [];
  void serveLines(server, (line: string) => log.push(line), silenceMaxMs);
  const client = await connect({ port: server.local.port });
  open.push(client, server);
  return { client, log };
}

it("answers lines that end with CR LF without the CR", async () => {
  const { client } = await served();
  await client.send("first\r\nsecond\n");
  const answers = lines(client);
  expect((await answers.next()).value).toBe("1: first");
  expect((await answers.next()).value).toBe("2: second");
});

it("drops a client that sends nothing within the limit, and says so", async () => {
  const { client, log } = await served(50);
  await expect(client.recv(1024)).rejects.toMatchObject({ code: "RESET" });
  expect(log[1]).toMatch(/failed: recv 127\.0\.0\.1:\d+: timed out/);
});

it("drops a client whose bytes trickle in but never end a line", async () => {
  const { client, log } = await served(200);
  const trickle = setInterval(() => client.send(".").catch(() => clearInterval(trickle)), 20);
  await expect(client.recv(1024)).rejects.toMatchObject({ code: "RESET" });
  clearInterval(trickle);
  expect(log[1]).toContain("timed out");
});

it("drops a client that sends a line of 60,000 characters, its end with it", async () => {
  const { client, log } = await served();
  await client.send(`${"x".repeat(60_000)}\n`);
  await expect(client.recv(1024)).rejects.toMatchObject({ code: "RESET" });
  expect(log[1]).toContain("the line is too long");
});
