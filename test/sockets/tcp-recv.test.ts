import { describe, expect, it } from "vitest";
import { until } from "../../src/lab/until";
import { RECEIVE_BUFFER_MAX_BYTES, RECEIVE_PAUSE_BYTES } from "../../src/sockets/limits";
import {
  client,
  failure,
  failureCode,
  pair,
  pattern,
  rawClient,
  readAll,
  withRawPeer,
} from "./support/connections";

describe("recv", () => {
  it("returns what is there without waiting for maxBytes", async () => {
    const { here, there } = await pair();
    await here.send("hello");
    expect(String(await there.recv(1024))).toBe("hello");
  });

  it("returns at most maxBytes and keeps the rest for later calls", async () => {
    const { here, there } = await pair();
    await here.send("abcdefgh");
    await until(() => there.buffered === 8);
    const parts = [await there.recv(3), await there.recv(1), await there.recv(100)];
    expect(parts.map(String)).toEqual(["abc", "d", "efgh"]);
  });

  it("joins what two sends wrote, as the kernel does", async () => {
    const { here, there } = await pair({ noDelay: true });
    await here.send("first\n");
    await until(() => there.buffered === 6);
    await here.send("second\n");
    await until(() => there.buffered === 13);
    expect(String(await there.recv(1024))).toBe("first\nsecond\n");
  });

  it("cuts joined chunks at any place without losing or repeating a byte", async () => {
    const { here, there } = await pair({ noDelay: true });
    const sent = pattern(5_000);
    let arrived = 0;
    for (let at = 0; at < sent.length; at += 500) {
      await here.send(sent.subarray(at, at + 500));
      arrived += 500;
      await until(() => there.buffered === arrived);
    }
    const got: Buffer[] = [];
    for (const size of [1, 499, 501, 999, 1, 1500, 1499]) {
      const part = await there.recv(size);
      expect(part.length).toBe(size);
      got.push(part);
    }
    expect(Buffer.concat(got).equals(sent)).toBe(true);
    expect(there.buffered).toBe(0);
  });

  it("returns an empty Buffer at the end of the stream, again and again", async () => {
    const { here, there } = await pair();
    await here.send("bye");
    await here.close();
    expect(String(await there.recv(10))).toBe("bye");
    for (let i = 0; i < 3; i++) expect((await there.recv(10)).length).toBe(0);
  });

  it("gives every waiting call an empty Buffer when the stream ends", async () => {
    const { here, there } = await pair();
    const waiting = [there.recv(10), there.recv(10), there.recv(10)];
    await here.shutdown();
    expect((await Promise.all(waiting)).map((one) => one.length)).toEqual([0, 0, 0]);
  });

  it("keeps what arrived, and the end, before the connection was accepted", async () => {
    const { here, server } = await pair();
    const early = await client(server);
    await early.send("early bird");
    await early.close();
    const accepted = await server.accept();
    expect(String(await readAll(accepted))).toBe("early bird");
    await accepted.close();
    expect(here.closed).toBe(false);
  });

  it("serves calls that wait in the order in which they were made", async () => {
    const { here, there } = await pair();
    const waiting = [there.recv(2), there.recv(2), there.recv(2)];
    await here.send("aabbcc");
    expect((await Promise.all(waiting)).map(String)).toEqual(["aa", "bb", "cc"]);
  });

  it("is rejected with RESET when the peer resets, after the bytes that had arrived", async () => {
    const { here, raw } = await withRawPeer();
    raw.write("last words");
    await until(() => here.buffered === 10);
    raw.resetAndDestroy();
    await until(() => here.closed);
    expect(String(await here.recv(4))).toBe("last");
    expect(String(await here.recv(100))).toBe(" words");
    const error = await failure(here.recv(1));
    expect(error).toMatchObject({ code: "RESET", systemCode: "ECONNRESET" });
    expect(await failureCode(here.recv(1))).toBe("RESET");
  });

  it("is rejected with RESET when the peer resets while it waits", async () => {
    const { here, raw } = await withRawPeer();
    const waiting = [failureCode(here.recv(1)), failureCode(here.recv(1))];
    raw.resetAndDestroy();
    expect(await Promise.all(waiting)).toEqual(["RESET", "RESET"]);
  });

  it("tells a reset from an end where bytes and the reset arrived together, unread", async () => {
    const { server } = await pair();
    const raw = await rawClient(server.local.port);
    await until(() => server.waiting === 1);
    await new Promise((resolve) => raw.write("cut sho", resolve));
    raw.resetAndDestroy();
    await until(() => raw.closed);
    const accepted = await server.accept();
    expect(String(await accepted.recv(100))).toBe("cut sho");
    expect(await failureCode(accepted.recv(100))).toBe("RESET");
  });

  it("gives the end of the stream where the peer closed first and answered our bytes with a reset", async () => {
    const { here, raw } = await withRawPeer();
    raw.destroy();
    await until(() => raw.closed);
    await here.send("too late").catch(() => {});
    expect((await here.recv(10)).length).toBe(0);
    expect((await here.recv(10)).length).toBe(0);
  });

  it("keeps what had arrived while reading was paused when the connection is reset", async () => {
    const { here, raw } = await withRawPeer();
    raw.write(pattern(RECEIVE_PAUSE_BYTES * 2));
    await until(() => here.buffered >= RECEIVE_PAUSE_BYTES);
    raw.resetAndDestroy();
    let got = 0;
    const error = await failure(
      (async () => {
        for (;;) got += (await here.recv(4096)).length;
      })(),
    );
    expect(error.code).toBe("RESET");
    expect(got).toBeGreaterThanOrEqual(RECEIVE_PAUSE_BYTES);
  });

  it("names the caller's line in the stack of its error", async () => {
    const { here, raw } = await withRawPeer();
    async function theCaller() {
      await here.recv(1);
    }
    const failed = failure(theCaller());
    raw.resetAndDestroy();
    expect((await failed).stack).toMatch(/theCaller/);
  });
});

describe("an error in a loop over a socket", () => {
  it("names the loop's line in its stack", async () => {
    const { here, raw } = await withRawPeer();
    async function theLoop() {
      for await (const _ of here);
    }
    const failed = failure(theLoop());
    raw.resetAndDestroy();
    expect((await failed).stack).toMatch(/theLoop/);
  });
});

describe("a timeout or an abort of recv", () => {
  it("rejects with TIMED_OUT and leaves the data to the next call", async () => {
    const { here, there } = await pair();
    const error = await failure(there.recv(10, { timeout: 5 }));
    expect(error.code).toBe("TIMED_OUT");
    expect(error.message).toMatch(/^recv 127\.0\.0\.1:\d+: timed out after 5 ms$/);
    await here.send("late");
    expect(String(await there.recv(10))).toBe("late");
  });

  it("takes what has arrived even with a timeout of 0, and rejects when there is nothing", async () => {
    const { here, there } = await pair();
    await here.send("now");
    await until(() => there.buffered === 3);
    expect(String(await there.recv(10, { timeout: 0 }))).toBe("now");
    expect(await failureCode(there.recv(10, { timeout: 0 }))).toBe("TIMED_OUT");
  });

  it("lets the calls behind it keep their order", async () => {
    const { here, there } = await pair();
    const stop = new AbortController();
    const first = there.recv(1);
    const second = failureCode(there.recv(1, { signal: stop.signal }));
    const third = there.recv(1);
    stop.abort();
    expect(await second).toBe("ABORTED");
    await here.send("ab");
    expect([String(await first), String(await third)]).toEqual(["a", "b"]);
  });

  it("rejects with ABORTED at once for a signal that has aborted, taking nothing", async () => {
    const { here, there } = await pair();
    await here.send("kept");
    await until(() => there.buffered === 4);
    const reason = new Error("enough");
    const error = await failure(there.recv(10, { signal: AbortSignal.abort(reason) }));
    expect(error).toMatchObject({ code: "ABORTED", cause: reason });
    expect(String(await there.recv(10))).toBe("kept");
  });

  it("is TIMED_OUT for AbortSignal.timeout", async () => {
    const { there } = await pair();
    expect(await failureCode(there.recv(1, { signal: AbortSignal.timeout(5) }))).toBe("TIMED_OUT");
  });
});

describe("a peer that floods a socket that is not read", () => {
  it("is held back by TCP, while at most RECEIVE_BUFFER_MAX_BYTES are buffered", async () => {
    const { here, raw } = await withRawPeer();
    const sent = pattern(48 * 1024 * 1024);
    let most = 0;
    raw.end(sent);
    await until(() => here.buffered >= RECEIVE_PAUSE_BYTES);
    // Nothing moves any more when many looks in a row find the same state.
    for (let same = 0, before = -1; same < 20; ) {
      await until(() => true);
      await new Promise((resolve) => setImmediate(resolve));
      same = here.buffered === before ? same + 1 : 0;
      before = here.buffered;
      most = Math.max(most, here.buffered);
    }
    expect(raw.writableFinished).toBe(false);
    const got: Buffer[] = [];
    for (;;) {
      const chunk = await here.recv(50_000);
      if (chunk.length === 0) break;
      got.push(chunk);
      most = Math.max(most, here.buffered);
    }
    expect(Buffer.concat(got).equals(sent)).toBe(true);
    expect(most).toBeLessThanOrEqual(RECEIVE_BUFFER_MAX_BYTES);
    expect(raw.writableFinished).toBe(true);
  });

  it("is held back in the same way while the connection is not even accepted", async () => {
    const { server } = await pair();
    const raw = await rawClient(server.local.port);
    await until(() => server.waiting === 1);
    raw.write(pattern(32 * 1024 * 1024));
    const accepted = await server.accept();
    await until(() => accepted.buffered > 0);
    expect(accepted.buffered).toBeLessThanOrEqual(RECEIVE_BUFFER_MAX_BYTES);
    accepted.reset();
    await until(() => raw.closed);
  });
});

describe("iterating over a socket", () => {
  it("gives the chunks until the end of the stream", async () => {
    const { here, there } = await pair();
    await here.send("all of it");
    await here.shutdown();
    expect(String(await readAll(there))).toBe("all of it");
  });

  it("leaves the socket open when the loop is left, with the rest to be received", async () => {
    const { here, there } = await pair();
    await here.send("one");
    for await (const chunk of there) {
      expect(String(chunk)).toBe("one");
      break;
    }
    expect(there.closed).toBe(false);
    await here.send("two");
    expect(String(await there.recv(10))).toBe("two");
  });

  it("takes nothing more once it has been ended while it waited", async () => {
    const { here, there } = await pair();
    const chunks = there[Symbol.asyncIterator]();
    const waiting = chunks.next();
    await chunks.return?.();
    expect(await waiting).toEqual({ done: true, value: undefined });
    await here.send("for recv");
    expect(String(await there.recv(100))).toBe("for recv");
  });

  it("ends when this side closes, in the loop or outside", async () => {
    const { here, there } = await pair();
    await here.send("x");
    for await (const _ of there) await there.close();
    const waiting = readAll(here);
    await here.close();
    await waiting;
  });

  it("throws RESET when the peer resets", async () => {
    const { here, raw } = await withRawPeer();
    const reading = failureCode(readAll(here));
    raw.resetAndDestroy();
    expect(await reading).toBe("RESET");
  });

  it("ends at once when the peer's end has come before the loop", async () => {
    const { here, there } = await pair();
    await here.close();
    expect((await there.recv(1)).length).toBe(0);
    const chunks: Buffer[] = [];
    for await (const chunk of there) {
      chunks.push(chunk);
      break; // a loop that does not end would go on for ever
    }
    expect(chunks).toEqual([]);
  });

  it("takes nothing more after its iterator has returned", async () => {
    const { here, there } = await pair();
    await here.send("hello");
    await expect.poll(() => there.buffered).toBe(5);
    const iterator = there[Symbol.asyncIterator]();
    expect(await iterator.return?.()).toEqual({ done: true, value: undefined });
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
    expect(String(await there.recv(10))).toBe("hello");
  });
});
