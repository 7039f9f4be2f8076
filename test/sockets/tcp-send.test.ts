import { describe, expect, it } from "vitest";
import { until } from "../../src/lab/until";
import { SEND_QUEUE_MAX_BYTES } from "../../src/sockets/limits";
import { failure, failureCode, pair, pattern, readAll, withRawPeer } from "./support/connections";

/** More than the kernels of both ends together take from a sender whose peer does not read. */
const TOO_MUCH_BYTES = 64 * 1024 * 1024;

/** Whether a promise is settled, asked after the event loop has turned a few times. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  promise.then(
    () => (settled = true),
    () => (settled = true),
  );
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
  return settled;
}

describe("send", () => {
  it("sends a string as UTF-8, a Buffer and a Uint8Array as they are", async () => {
    const { here, there } = await pair();
    await here.send("zażółć ");
    await here.send(Buffer.from([0xff, 0x00]));
    await here.send(new Uint8Array([0x80, 0x0a]));
    await here.shutdown();
    const expected = [...Buffer.from("zażółć "), 0xff, 0x00, 0x80, 0x0a];
    expect([...(await readAll(there))]).toEqual(expected);
  });

  it("sends only the view's own bytes of a larger buffer", async () => {
    const { here, there } = await pair();
    await here.send(new Uint8Array(new Uint8Array([1, 2, 3, 4, 5]).buffer, 1, 3));
    await here.shutdown();
    expect([...(await readAll(there))]).toEqual([2, 3, 4]);
  });

  it("sends nothing for empty data, and resolves", async () => {
    const { here, there } = await pair();
    await here.send("");
    await here.send(new Uint8Array());
    await here.send("x");
    expect(String(await there.recv(10))).toBe("x");
  });

  it("keeps the order of calls that were not awaited", async () => {
    const { here, there } = await pair();
    const sends = Array.from({ length: 200 }, (_, i) => here.send(`${i};`));
    await Promise.all(sends);
    await here.shutdown();
    const expected = Array.from({ length: 200 }, (_, i) => `${i};`).join("");
    expect(String(await readAll(there))).toBe(expected);
  });

  it("waits while the peer does not read, and resolves once it does", async () => {
    const { here, there } = await pair();
    const data = pattern(TOO_MUCH_BYTES);
    const sending = here.send(data);
    expect(await isSettled(sending)).toBe(false);
    let got = 0;
    while (got < data.length) got += (await there.recv(1024 * 1024)).length;
    await sending;
  });

  it("refuses more with QUEUE_FULL, sending none of it, while too much waits", async () => {
    const { here, there } = await pair();
    const chunk = pattern(256 * 1024);
    const outcomes: Promise<string>[] = [];
    for (let i = 0; i < 400; i++) {
      outcomes.push(
        here.send(chunk).then(
          () => "sent",
          (error) => error.code,
        ),
      );
    }
    const reading = readAll(there);
    const codes = await Promise.all(outcomes);
    await here.shutdown();
    const sent = codes.filter((code) => code === "sent").length;
    expect(new Set(codes)).toEqual(new Set(["sent", "QUEUE_FULL"]));
    expect((await reading).length).toBe(sent * chunk.length);
    // Without awaiting, the kernel takes a few MiB on this side; beyond that only the queue's bound.
    expect(sent * chunk.length).toBeLessThan(TOO_MUCH_BYTES);
    expect(codes.indexOf("QUEUE_FULL") * chunk.length).toBeGreaterThan(SEND_QUEUE_MAX_BYTES);
  });

  it("rejects with TIMED_OUT while the peer does not read, and says so in one line", async () => {
    const { here } = await pair();
    const error = await failure(here.send(pattern(TOO_MUCH_BYTES), { timeout: 20 }));
    expect(error.code).toBe("TIMED_OUT");
    expect(error.message).toMatch(/^send 127\.0\.0\.1:\d+: timed out after 20 ms$/);
  });

  it("rejects with ABORTED when its signal aborts, before or while it waits", async () => {
    const { here } = await pair();
    expect(await failureCode(here.send("x", { signal: AbortSignal.abort() }))).toBe("ABORTED");
    const stop = new AbortController();
    const sending = failureCode(here.send(pattern(TOO_MUCH_BYTES), { signal: stop.signal }));
    stop.abort();
    expect(await sending).toBe("ABORTED");
  });

  it("still counts the bytes of a send that timed out, so a loop of them is bounded", async () => {
    const { here } = await pair();
    const chunk = pattern(1024 * 1024);
    const codes: string[] = [];
    for (let i = 0; i < 64 && codes.at(-1) !== "QUEUE_FULL"; i++) {
      codes.push(
        await here.send(chunk, { timeout: 1 }).then(
          () => "sent",
          (error) => error.code,
        ),
      );
    }
    expect(codes.at(-1)).toBe("QUEUE_FULL");
  });

  it("rejects with RESET when the peer resets while it waits", async () => {
    const { here, raw } = await withRawPeer();
    const sending = failureCode(here.send(pattern(TOO_MUCH_BYTES)));
    await new Promise((resolve) => setImmediate(resolve));
    raw.resetAndDestroy();
    expect(await sending).toBe("RESET");
    expect(await failureCode(here.send("more"))).toBe("RESET");
  });

  it("rejects with RESET or CLOSED_EARLY when the peer has closed and is gone", async () => {
    const { here, raw } = await withRawPeer();
    raw.destroy();
    await until(() => raw.closed);
    const error = await failure(
      (async () => {
        for (;;) await here.send("anybody there?");
      })(),
    );
    expect(["RESET", "CLOSED_EARLY"]).toContain(error.code);
    expect(["ECONNRESET", "EPIPE"]).toContain(error.systemCode);
  });

  it("rejects with a TypeError for what is neither text nor bytes", async () => {
    const { here } = await pair();
    // A program in plain JavaScript can pass anything.
    const wrong = 42 as unknown as string;
    await expect(here.send(wrong)).rejects.toThrow(
      new TypeError("data must be a string, a Buffer or a Uint8Array, not 42"),
    );
  });
});

describe("shutdown", () => {
  it("ends our stream after what was sent, while we still receive", async () => {
    const { here, there } = await pair();
    void here.send("question");
    await here.shutdown();
    expect(String(await readAll(there))).toBe("question");
    await there.send("answer");
    await there.shutdown();
    expect(String(await readAll(here))).toBe("answer");
  });

  it("lets the peer send long after its own stream has ended", async () => {
    const { here, there } = await pair();
    await there.shutdown();
    expect((await here.recv(1)).length).toBe(0);
    const data = pattern(300_000);
    await Promise.all([
      here.send(data).then(() => here.shutdown()),
      readAll(there).then((got) => expect(got.equals(data)).toBe(true)),
    ]);
  });

  it("can be called again, and makes later sends reject with CLOSED", async () => {
    const { here } = await pair();
    await here.shutdown();
    await here.shutdown();
    const error = await failure(here.send("too late"));
    expect(error).toMatchObject({ code: "CLOSED" });
    expect(error.message).toMatch(/sending side is shut down/);
  });

  it("leaves the end of the stream to be read after both sides shut down", async () => {
    const { here, there } = await pair();
    await here.send("kept");
    await Promise.all([here.shutdown(), there.shutdown()]);
    await until(() => there.buffered === 4);
    expect(String(await there.recv(10))).toBe("kept");
    expect((await there.recv(10)).length).toBe(0);
    expect(there.closed).toBe(false);
    await there.close();
    expect(there.closed).toBe(true);
  });

  it("rejects with CLOSED when this side resets before all was sent", async () => {
    const { here } = await pair();
    const calls = [failureCode(here.send(pattern(TOO_MUCH_BYTES))), failureCode(here.shutdown())];
    here.reset();
    expect(await Promise.all(calls)).toEqual(["CLOSED", "CLOSED"]);
  });

  it("rejects with RESET on a connection that was reset", async () => {
    const { here, raw } = await withRawPeer();
    raw.resetAndDestroy();
    await until(() => here.closed);
    expect(await failureCode(here.shutdown())).toBe("RESET");
  });
});
