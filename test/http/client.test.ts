import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { ask } from "../../src/http/client";

async function serving(listener: RequestListener): Promise<{ host: string; port: number }> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { host: "127.0.0.1", port: (server.address() as AddressInfo).port };
}

test("sends method, path, fields and body, and resolves with the whole answer", async () => {
  const where = await serving(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece);
    const { method, url, headers } = request;
    response.setHeader("X-Seen", `${method} ${url} ${headers["x-mine"]} ${headers.connection}`);
    response.writeHead(201).end(Buffer.concat(pieces));
  });
  const body = Buffer.from([0, 255, 10]);
  const answer = await ask({
    ...where,
    method: "PUT",
    path: "/a?b",
    fields: { "X-Mine": "1" },
    body,
  });
  expect([answer.status, answer.fields["x-seen"]]).toEqual([201, "PUT /a?b 1 close"]);
  expect(answer.body.equals(body)).toBe(true);
});

test("a refused connection, silence, a broken answer and a stop are SocketErrors", async () => {
  const nobody = { host: "127.0.0.1", port: 1, path: "/" };
  await expect(ask(nobody)).rejects.toMatchObject({ name: "SocketError", code: "REFUSED" });
  const silent = await serving(() => undefined);
  await expect(ask({ ...silent, path: "/", timeoutMs: 50 })).rejects.toMatchObject({
    code: "TIMED_OUT",
  });
  const broken = await serving((_request, response) => {
    response.writeHead(200, { "Content-Length": 10 });
    response.write("half", () => response.destroy());
  });
  await expect(ask({ ...broken, path: "/" })).rejects.toMatchObject({ name: "SocketError" });
  const signal = AbortSignal.timeout(20);
  await expect(ask({ ...silent, path: "/", signal })).rejects.toMatchObject({
    name: "SocketError",
  });
});

test("an answer larger than allowed is no answer", async () => {
  const where = await serving((_request, response) => response.end("x".repeat(1_000)));
  await expect(ask({ ...where, path: "/", maxBodyBytes: 999 })).rejects.toThrow(/larger than 999/);
  expect((await ask({ ...where, path: "/", maxBodyBytes: 1_000 })).body).toHaveLength(1_000);
});
