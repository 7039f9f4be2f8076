import { describe, expect, it } from "vitest";
import { until } from "../../src/lab/until";
import { ACCEPT_QUEUE_MAX_CONNECTIONS } from "../../src/sockets/limits";
import {
  client,
  failure,
  failureCode,
  rawClient,
  requireIPv6,
  server,
} from "./support/connections";

describe("listen", () => {
  it("listens on 127.0.0.1 with the port that the system chose", async () => {
    const { local } = await server();
    expect(local).toEqual({ host: "127.0.0.1", port: expect.any(Number), family: "IPv4" });
    expect(local.port).toBeGreaterThan(0);
  });

  it("listens on IPv6", async (ctx) => {
    await requireIPv6(ctx);
    const listening = await server({ host: "::1" });
    expect(listening.local).toMatchObject({ host: "::1", family: "IPv6" });
    const here = await client(listening);
    const there = await listening.accept();
    expect(there.remote).toMatchObject({ host: "::1", family: "IPv6", port: here.local.port });
    await here.send("six");
    expect(String(await there.recv(10))).toBe("six");
    await there.close();
  });

  it("rejects with ADDRESS_IN_USE, naming the endpoint, and advises another port", async () => {
    const { local } = await server();
    const error = await failure(server({ port: local.port }));
    expect(error).toMatchObject({
      code: "ADDRESS_IN_USE",
      systemCode: "EADDRINUSE",
      syscall: "listen",
    });
    expect(error.message).toBe(`listen 127.0.0.1:${local.port}: address already in use`);
    expect(error.advice).toMatch(/port 0/);
  });

  it("rejects with ADDRESS_NOT_AVAILABLE for an address of another machine", async () => {
    expect(await failureCode(server({ host: "192.0.2.1" }))).toBe("ADDRESS_NOT_AVAILABLE");
  });

  it("rejects with UNKNOWN_HOST for a name that leads nowhere", async () => {
    expect(await failureCode(server({ host: "nowhere.invalid" }))).toBe("UNKNOWN_HOST");
  });

  it("rejects with ABORTED for a signal that has aborted", async () => {
    expect(await failureCode(server({ signal: AbortSignal.abort() }))).toBe("ABORTED");
  });

  it.each([
    [{ port: 70_000 }, RangeError, "port must be an integer from 0 to 65535, not 70000"],
    [{ port: Number.NaN }, RangeError, "port must be an integer from 0 to 65535, not NaN"],
    [{ port: 80.5 }, RangeError, "port must be an integer from 0 to 65535, not 80.5"],
    [{ host: "" }, TypeError, 'host must be a name or an address, not ""'],
    [{ host: "a b" }, TypeError, 'host must be a name or an address, not "a b"'],
    [{ backlog: 0 }, RangeError, "backlog must be an integer from 1 to 2147483647, not 0"],
  ])("rejects %o with a clear %s", async (options, Kind, message) => {
    const error = await server(options).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Kind);
    expect(error).toHaveProperty("message", message);
  });
});

describe("accept", () => {
  it("gives connections in the order of their arrival, waiting or not", async () => {
    const listening = await server();
    const waiting = [listening.accept(), listening.accept()];
    const clients = [];
    for (let i = 0; i < 4; i++) {
      clients.push(await client(listening));
      if (i >= 2) await until(() => listening.waiting === i - 1);
    }
    const accepted = [
      ...(await Promise.all(waiting)),
      await listening.accept(),
      await listening.accept(),
    ];
    expect(accepted.map((one) => one.remote.port)).toEqual(clients.map((one) => one.local.port));
    for (const one of accepted) one.reset();
  });

  it("rejects with TIMED_OUT and leaves the connection to the next call", async () => {
    const listening = await server();
    const error = await failure(listening.accept({ timeout: 5 }));
    expect(error.message).toBe(`accept 127.0.0.1:${listening.local.port}: timed out after 5 ms`);
    const here = await client(listening);
    const there = await listening.accept({ timeout: 5_000 });
    expect(there.remote).toEqual(here.local);
    there.reset();
  });

  it("rejects with ABORTED, also at once, without taking a connection", async () => {
    const listening = await server();
    const stop = new AbortController();
    const waiting = failureCode(listening.accept({ signal: stop.signal }));
    stop.abort();
    expect(await waiting).toBe("ABORTED");
    await client(listening);
    await until(() => listening.waiting === 1);
    expect(await failureCode(listening.accept({ signal: stop.signal }))).toBe("ABORTED");
    expect(listening.waiting).toBe(1);
  });

  it("hands over a connection whose client has gone already", async () => {
    const listening = await server();
    const raw = await rawClient(listening.local.port);
    await until(() => listening.waiting === 1);
    raw.resetAndDestroy();
    const there = await listening.accept();
    expect(await failureCode(there.recv(1))).toBe("RESET");
  });

  it("resets a connection that comes when too many wait, and counts it", async () => {
    const listening = await server({ backlog: 4096 });
    const clients = [];
    for (let i = 0; i < ACCEPT_QUEUE_MAX_CONNECTIONS; i++)
      clients.push(rawClient(listening.local.port));
    await Promise.all(clients);
    await until(() => listening.waiting === ACCEPT_QUEUE_MAX_CONNECTIONS);
    // The reset may be there before the client has even seen that it was connected.
    expect(await failureCode(client(listening).then((one) => one.recv(1)))).toBe("RESET");
    expect(listening.overflowed).toBe(1);
    (await listening.accept()).reset();
    await client(listening);
    await until(() => listening.waiting === ACCEPT_QUEUE_MAX_CONNECTIONS);
  });
});

describe("iterating over a server", () => {
  it("gives connections until the loop is left, and leaves the server listening", async () => {
    const listening = await server();
    await client(listening);
    for await (const socket of listening) {
      socket.reset();
      break;
    }
    await client(listening);
    (await listening.accept()).reset();
    expect(listening.closed).toBe(false);
  });

  it("takes no connection once it has been ended while it waited", async () => {
    const listening = await server();
    const connections = listening[Symbol.asyncIterator]();
    const waiting = connections.next();
    await connections.return?.();
    expect((await waiting).done).toBe(true);
    await client(listening);
    (await listening.accept({ timeout: 5_000 })).reset();
  });
});
