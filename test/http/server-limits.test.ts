import { describe, expect, it } from "vitest";
import { DEFAULT_LIMITS, withLimits } from "../../src/http/limits";
import { response } from "../../src/http/response";
import type { Handler } from "../../src/http/server";
import { exchange, parseResponses, type RawConnection } from "./support/raw-client";
import { ask, closeAfterEach, get, open, start } from "./support/servers";

closeAfterEach();

const hello: Handler = () => response(200, "hello");

describe("limits", () => {
  it("on connections: one more is told 503, and when many are told so the rest are dropped", async () => {
    const server = await start(hello, {
      maxConnections: 2,
      maxTurnedAway: 1,
      lingerTimeoutMs: 10_000,
    });
    const kept = [await open(server), await open(server)];
    for (const connection of kept) connection.send(get("/", ""));
    for (const connection of kept) await connection.until((text) => text.endsWith("hello"));
    const refused = await open(server);
    await refused.until((text) => text.includes("503"));
    expect(refused.received).toMatch(/Retry-After: 1\r\n.*Connection: close/s);
    const dropped = await open(server);
    expect(await dropped.end()).toBe("");
    await refused.end();
    kept[0].close();
    await refused.end();
    let status = 0;
    while (status !== 200) status = (await ask(server, get()).catch(() => undefined))?.status ?? 0;
    expect(status).toBe(200);
  });

  it("on newcomers: a crowd that is never admitted keeps out no one who is", async () => {
    const limits = { maxConnections: 30, maxNewcomers: 10 };
    const server = await start((request) => {
      if (!request.fields.has("token")) return response(401);
      request.admit();
      return response(200, "hello");
    }, limits);
    const token = "Token: yes\r\n";
    const owner = await open(server);
    owner.send(get("/", token));
    await owner.until((text) => text.endsWith("hello"));
    const crowd: RawConnection[] = [];
    for (let round = 0; round < 100; round++) {
      const one = await open(server);
      one.send(round % 2 === 0 ? "GET / HTTP/1.1\r\nHo" : get("/", ""));
      crowd.push(one);
    }
    expect((await ask(server, get("/", `${token}Connection: close\r\n`))).status).toBe(200);
    owner.send(get("/", token));
    await owner.until((text) => text.split("hello").length === 3);
    for (const one of crowd.slice(0, 89)) await one.end();
    expect(server.connections).toBeLessThanOrEqual(11);
  });

  it("on requests: the last answer on a connection says so", async () => {
    const server = await start(hello, { maxRequestsPerConnection: 3 });
    const responses = parseResponses(await exchange(server.local.port, get("/", "").repeat(5)));
    expect(responses.map((each) => each.fields.get("connection"))).toEqual([
      undefined,
      undefined,
      "close",
    ]);
  });

  it("on content left unread: a little is passed over, for much the connection is closed", async () => {
    const refuse: Handler = () => response(403, "no");
    const server = await start(refuse, { maxDiscardBytes: 1000 });
    const post = (length: number) =>
      `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${length}\r\n\r\n${"x".repeat(length)}`;
    const little = await exchange(server.local.port, post(1000) + get());
    expect(parseResponses(little).map((each) => each.status)).toEqual([403, 403]);
    const much = await exchange(server.local.port, post(1001).slice(0, -1));
    expect(parseResponses(much).map((each) => each.fields.get("connection"))).toEqual(["close"]);
  });

  it("are checked by name and value", () => {
    expect(withLimits({ maxBodyBytes: 5 })).toEqual({ ...DEFAULT_LIMITS, maxBodyBytes: 5 });
    expect(() => withLimits({ maxBodyBytes: 0 })).toThrow("maxBodyBytes must be a number above 0");
    expect(() => withLimits({ idleTimeoutMs: Number.NaN })).toThrow("idleTimeoutMs");
    const wrong = { maxBodySize: 5 } as Record<string, number>;
    expect(() => withLimits(wrong)).toThrow("no limit is called maxBodySize; there are max");
  });
});
