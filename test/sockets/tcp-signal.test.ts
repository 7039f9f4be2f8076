import { getEventListeners } from "node:events";
import net from "node:net";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { until } from "../../src/lab/until";
import { connect, TcpSocket } from "../../src/sockets/tcp";
import {
  client,
  failureCode,
  pair,
  pattern,
  rawClient,
  readAll,
  server,
} from "./support/connections";

const listeners = (signal: AbortSignal) => getEventListeners(signal, "abort").length;

describe("a server's signal", () => {
  it("closes the server, ends its loop, and ends every connection accepted from it", async () => {
    const stop = new AbortController();
    const listening = await server({ signal: stop.signal });
    const codes: Promise<string>[] = [];
    const loop = (async () => {
      for await (const socket of listening) codes.push(failureCode(socket.recv(1)));
    })();
    const clients = [await client(listening), await client(listening), await client(listening)];
    await until(() => codes.length === 3);
    stop.abort();
    await loop;
    expect(await Promise.all(codes)).toEqual(["ABORTED", "ABORTED", "ABORTED"]);
    for (const one of clients) expect((await one.recv(1)).length).toBe(0);
    expect(await failureCode(listening.accept())).toBe("ABORTED");
    await listening.close();
  });

  it("makes a loop throw that begins after the signal has aborted", async () => {
    const stop = new AbortController();
    const { there } = await pair({ signal: stop.signal });
    stop.abort();
    await until(() => there.closed);
    await expect(there[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: "ABORTED" });
  });

  it("ends accepted connections also after the server was closed", async () => {
    const stop = new AbortController();
    const { here, there, server: listening } = await pair({ signal: stop.signal });
    await listening.close();
    stop.abort();
    expect(await failureCode(there.recv(1))).toBe("ABORTED");
    expect((await here.recv(1)).length).toBe(0);
  });

  it("cuts a connection whose close still flushes: what was not sent stays unsent", async () => {
    const stop = new AbortController();
    const listening = await server({ signal: stop.signal });
    const raw = await rawClient(listening.local.port);
    raw.pause();
    const there = await listening.accept();
    const bytes = pattern(32 * 1024 * 1024); // more than the system's buffers take
    const sending = failureCode(there.send(bytes));
    const closing = there.close();
    stop.abort();
    await closing;
    expect(await sending).toMatch(/ABORTED|CLOSED/);
    let received = 0;
    raw.on("data", (piece: Buffer) => {
      received += piece.length;
    });
    const closed = new Promise((resolve) => raw.once("close", resolve));
    raw
      .on("end", () => raw.end())
      .on("error", () => {})
      .resume(); // a reset is an end, too
    await closed;
    expect(received).toBeLessThan(bytes.length);
  });

  it("makes a loop over a connection throw, since the rest is missing", async () => {
    const stop = new AbortController();
    const { there } = await pair({ signal: stop.signal });
    const reading = failureCode(readAll(there));
    stop.abort();
    expect(await reading).toBe("ABORTED");
  });

  it("has one listener however many connections there are, and none when all is closed", async () => {
    const stop = new AbortController();
    const listening = await server({ signal: stop.signal });
    const sockets = [];
    for (let i = 0; i < 20; i++) {
      sockets.push(await client(listening, { signal: stop.signal }), await listening.accept());
    }
    expect(listeners(stop.signal)).toBe(1);
    await Promise.all(sockets.map((socket) => socket.close()));
    await listening.close();
    expect(listeners(stop.signal)).toBe(0);
  });
});

it("a signal that aborts a call takes the call's timer away, too", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const { port } = (await server()).local;
  const stop = new AbortController();
  const connecting = failureCode(connect({ port, timeout: 60_000, signal: stop.signal }));
  expect(vi.getTimerCount()).toBe(1);
  stop.abort(); // before the handshake is done
  expect(await connecting).toBe("ABORTED");
  expect(vi.getTimerCount()).toBe(0);
});

describe("a client's signal", () => {
  it("ends the connection for as long as it lives", async () => {
    const stop = new AbortController();
    const listening = await server();
    const here = await client(listening, { signal: stop.signal });
    const there = await listening.accept();
    const waiting = failureCode(here.recv(1));
    stop.abort();
    expect(await waiting).toBe("ABORTED");
    expect((await there.recv(1)).length).toBe(0);
    await there.close();
  });
});

describe("ten thousand calls", () => {
  /** One of our sockets around a socket of Node's whose listeners the test can count. */
  async function observed(): Promise<{ here: TcpSocket; inner: net.Socket; there: TcpSocket }> {
    // Without Nagle, or each byte would wait for the acknowledgement of the one before.
    const listening = await server({ noDelay: true });
    const inner = net.connect({
      host: "127.0.0.1",
      port: listening.local.port,
      allowHalfOpen: true,
    });
    const there = await listening.accept();
    const here = new TcpSocket(inner);
    onTestFinished(() => {
      here.reset();
      there.reset();
    });
    return { here, inner, there };
  }
  const count = (inner: net.Socket) =>
    Object.fromEntries(inner.eventNames().map((name) => [name, inner.listenerCount(name)]));

  it("that receive and send add no listener to the socket", async () => {
    const { here, inner, there } = await observed();
    await there.send("x");
    await here.recv(1);
    const before = count(inner);
    for (let i = 0; i < 10_000; i++) {
      const receiving = here.recv(1, { timeout: 10_000 });
      await there.send("x");
      await receiving;
      if (i % 10 === 0) await here.send("y");
    }
    expect(count(inner)).toEqual(before);
  });

  it("that time out or are aborted leave no listener, and no timer", async () => {
    const { here, inner, there } = await observed();
    await there.send("x");
    await here.recv(1);
    const before = count(inner);
    const timers = process.getActiveResourcesInfo().filter((one) => one === "Timeout").length;
    const stop = new AbortController();
    for (let batch = 0; batch < 10; batch++) {
      const calls = Array.from({ length: 1_000 }, (_, i) =>
        failureCode(here.recv(1, { timeout: i % 2 === 0 ? 1 : 60_000, signal: stop.signal })),
      );
      expect(listeners(stop.signal)).toBe(1);
      await Promise.all(calls.filter((_, i) => i % 2 === 0));
      await there.send(pattern(500));
      await Promise.allSettled(calls);
    }
    expect(listeners(stop.signal)).toBe(0);
    expect(count(inner)).toEqual(before);
    expect(
      process.getActiveResourcesInfo().filter((one) => one === "Timeout").length,
    ).toBeLessThanOrEqual(timers + 1);
  });
});
