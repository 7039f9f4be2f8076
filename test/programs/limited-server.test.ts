/** limited_server while one address floods it. Linux has a whole network of addresses for itself. */
import { connect } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { limited } from "../../dist/limited_server";
import { answer } from "../../dist/web_routes";
import { type HttpServer, serve } from "../../src/http/server";

const servers: HttpServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

/** A window that does not end during a test. */
const LIMITS = { requests: 20, windowMs: 3_600_000, addresses: 10 };

async function start(): Promise<number> {
  const server = await serve({ port: 0 }, limited(answer, LIMITS));
  servers.push(server);
  return server.local.port;
}

/** Sends `count` requests in one go from this address, and counts the statuses of the responses. */
function statuses(port: number, localAddress: string, count: number): Promise<Map<string, number>> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1", localAddress });
    let text = "";
    socket.setEncoding("latin1");
    socket.on("data", (piece: string) => {
      text += piece;
    });
    socket.on("error", reject);
    socket.on("close", () => {
      const found = new Map<string, number>();
      for (const [, status] of text.matchAll(/^HTTP\/1\.1 (\d+) /gm)) {
        found.set(status ?? "", (found.get(status ?? "") ?? 0) + 1);
      }
      resolve(found);
    });
    const request = "GET /hello HTTP/1.1\r\nHost: lab\r\n";
    socket.write(`${request}\r\n`.repeat(count - 1));
    socket.write(`${request}Connection: close\r\n\r\n`);
  });
}

const sum = (counts: readonly Map<string, number>[], status: string) =>
  counts.reduce((total, each) => total + (each.get(status) ?? 0), 0);

describe.runIf(process.platform === "linux")("limited_server under load", () => {
  test("answers a flooding address as often as it may, and the others each time", async () => {
    const port = await start();
    const flood = Array.from({ length: 20 }, () => statuses(port, "127.0.0.1", 500));
    const others = [2, 3, 4, 5].map((last) => statuses(port, `127.0.0.${last}`, LIMITS.requests));
    const flooded = await Promise.all(flood);
    expect([sum(flooded, "200"), sum(flooded, "429")]).toEqual([20, 20 * 500 - 20]);
    for (const other of await Promise.all(others)) {
      expect([...other]).toEqual([["200", LIMITS.requests]]);
    }
  });

  test("lets a flood from many addresses share one count, when the table is full", async () => {
    const port = await start();
    const addresses = Array.from({ length: 100 }, (_, at) => `127.0.1.${at + 1}`);
    const counts = await Promise.all(addresses.map((address) => statuses(port, address, 30)));
    // Ten addresses with a count of their own, and one for the other ninety.
    expect(sum(counts, "200")).toBe((LIMITS.addresses + 1) * LIMITS.requests);
    expect(sum(counts, "429")).toBe(100 * 30 - 11 * LIMITS.requests);
  });
});
