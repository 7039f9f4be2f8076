import { expect, onTestFinished, test } from "vitest";
import { drain } from "../../src/lab/drain";
import { connect, listen, type TcpSocket } from "../../src/sockets/tcp";

/** A connection: what the client sends can be drained at the server's end. */
async function connection(): Promise<[client: TcpSocket, served: TcpSocket]> {
  const server = await listen({ port: 0 });
  const client = await connect({ port: server.local.port });
  const served = await server.accept();
  onTestFinished(async () => {
    client.reset();
    served.reset();
    await server.close();
  });
  return [client, served];
}

test("receives until the peer ends, and tells how many bytes that were", async () => {
  const [client, served] = await connection();
  await client.send("12345");
  await client.send("678");
  await client.shutdown();
  expect(await drain(served)).toBe(8);
});

test("stops at its most bytes, and leaves the rest", async () => {
  const [client, served] = await connection();
  await client.send("1234567890");
  expect(await drain(served, 4)).toBe(4);
  expect(String(await served.recv(100))).toBe("567890");
});

test("stops after its time when the peer goes on waiting", async () => {
  const [client, served] = await connection();
  await client.send("123");
  expect(await drain(served, 100, 1)).toBeLessThanOrEqual(3);
});

test("does not mind a peer that resets", async () => {
  const [client, served] = await connection();
  client.reset();
  expect(await drain(served)).toBe(0);
});
