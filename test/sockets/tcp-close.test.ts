import { afterEach, describe, expect, it, vi } from "vitest";
import { until } from "../../src/lab/until";
import { CLOSE_DISCARD_MAX_MS, CLOSE_FLUSH_MAX_MS } from "../../src/sockets/limits";
import { connect, listen } from "../../src/sockets/tcp";
import {
  client,
  failureCode,
  pair,
  pattern,
  readAll,
  server,
  withRawPeer,
} from "./support/connections";

afterEach(() => void vi.useRealTimers());

describe("close of a socket", () => {
  it("rejects calls that wait, and later ones, with CLOSED", async () => {
    const { here } = await pair();
    const waiting = [failureCode(here.recv(1)), failureCode(here.recv(1, { timeout: 10_000 }))];
    await here.close();
    expect(await Promise.all(waiting)).toEqual(["CLOSED", "CLOSED"]);
    expect(await failureCode(here.recv(1))).toBe("CLOSED");
    expect(await failureCode(here.send("x"))).toBe("CLOSED");
    expect(await failureCode(here.shutdown())).toBe("CLOSED");
    expect(here.closed).toBe(true);
  });

  it("can be called again, at the same time and later", async () => {
    const { here } = await pair();
    await Promise.all([here.close(), here.close()]);
    await here.close();
  });

  it("delivers all that was sent before, awaited or not", async () => {
    const { here, there } = await pair();
    const data = pattern(20 * 1024 * 1024);
    const sending = here.send(data);
    const closing = here.close();
    expect((await readAll(there)).equals(data)).toBe(true);
    await Promise.all([sending, closing]);
  });

  it("lets the peer read our last words although we left some of its own unread", async () => {
    const { here, there } = await pair();
    const reading = (async () => {
      await here.send(pattern(2 * 1024 * 1024));
      return String(await readAll(here));
    })();
    await there.recv(1024);
    await there.send("that is enough");
    await Promise.all([there.close(), reading.then(() => here.close())]);
    expect(await reading).toBe("that is enough");
  });

  it("does not wait for a peer that keeps its own side open", async () => {
    const { here, there } = await pair();
    await there.send("answer");
    await there.close();
    expect(String(await readAll(here))).toBe("answer");
    expect(here.closed).toBe(false);
  });

  it("discards no longer than a bound for a peer that never stops sending", async () => {
    const { here, raw } = await withRawPeer();
    const flood = () => {
      while (!raw.destroyed && raw.write(pattern(64 * 1024)));
    };
    raw.on("drain", flood);
    flood();
    await until(() => here.buffered > 0);
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const closing = here.close();
    await until(() => vi.getTimerCount() === 1);
    await vi.advanceTimersByTimeAsync(CLOSE_DISCARD_MAX_MS - 1);
    expect(raw.closed).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await closing;
    await until(() => raw.closed);
  });

  it("gives up on what a peer never reads, and resets", async () => {
    const { here, raw } = await withRawPeer();
    const data = pattern(64 * 1024 * 1024);
    const sending = failureCode(here.send(data));
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const closing = here.close();
    await vi.advanceTimersByTimeAsync(CLOSE_FLUSH_MAX_MS);
    await closing;
    expect(await sending).toBe("CLOSED");
    raw.resume();
    await until(() => raw.closed || raw.readableEnded);
    expect(raw.bytesRead).toBeLessThan(data.length);
  });

  it("resolves on a connection that was reset before", async () => {
    const { here, raw } = await withRawPeer();
    raw.resetAndDestroy();
    await until(() => here.closed);
    await here.close();
    expect(await failureCode(here.recv(1))).toBe("CLOSED");
  });

  it("keeps its endpoints readable", async () => {
    const { here, there } = await pair();
    await here.close();
    expect(here.remote).toEqual(there.local);
    expect(here.local).toEqual(there.remote);
  });
});

describe("a socket that this side has closed", () => {
  it("gives no byte that had arrived before", async () => {
    const { here, there } = await pair();
    await there.send("first");
    expect((await here.recv(1)).length).toBe(1); // what is left is in this side's own buffer
    expect(here.buffered).toBe(4);
    there.reset();
    await here.close();
    expect(await failureCode(here.recv(10))).toBe("CLOSED");
  });

  it("stays closed, and does not become aborted, when it is destroyed afterwards", async () => {
    const { here } = await pair();
    await here.close();
    here.destroy(new Error("too late"));
    expect(await failureCode(here.recv(10))).toBe("CLOSED");
  });
});

describe("reset of a socket", () => {
  it("makes the peer's recv reject with RESET, and calls that wait here with CLOSED", async () => {
    const { here, there } = await pair();
    const waiting = failureCode(here.recv(1));
    here.reset();
    expect(await waiting).toBe("CLOSED");
    expect(await failureCode(there.recv(1))).toBe("RESET");
    expect(here.closed).toBe(true);
  });

  it("cuts a send that waits", async () => {
    const { here, there } = await pair();
    const sending = failureCode(here.send(pattern(64 * 1024 * 1024)));
    await until(() => there.buffered > 0);
    here.reset();
    expect(await sending).toBe("CLOSED");
    await here.close();
  });

  it("works during a shutdown, during a close, twice, and after both", async () => {
    for (const before of ["shutdown", "close", "reset"] as const) {
      const { here, there } = await pair();
      void Promise.resolve(here[before]()).catch(() => {});
      here.reset();
      here.reset();
      await here.close();
      here.reset();
      await there.close();
    }
  });
});

describe("close of a server", () => {
  it("rejects calls that wait, and later ones, with CLOSED, and is idempotent", async () => {
    const listening = await server();
    const waiting = [failureCode(listening.accept()), failureCode(listening.accept())];
    await Promise.all([listening.close(), listening.close()]);
    expect(await Promise.all(waiting)).toEqual(["CLOSED", "CLOSED"]);
    expect(await failureCode(listening.accept())).toBe("CLOSED");
    expect(listening.closed).toBe(true);
  });

  it("frees the port although accepted connections live on", async () => {
    const { here, there, server: listening } = await pair();
    await listening.close();
    const again = await listen({ port: listening.local.port });
    await here.send("still here");
    expect(String(await there.recv(20))).toBe("still here");
    await again.close();
  });

  it("resets connections that were not accepted", async () => {
    const listening = await server();
    const waiting = await client(listening);
    await until(() => listening.waiting === 1);
    await listening.close();
    expect(await failureCode(waiting.recv(1))).toBe("RESET");
  });

  it("ends a loop over its connections", async () => {
    const listening = await server();
    const loop = (async () => {
      for await (const _ of listening);
    })();
    await listening.close();
    await loop;
  });
});

describe("what stays open", () => {
  it("is nothing, after every way to end a connection", async () => {
    const before = process.getActiveResourcesInfo().length;
    for (const how of ["close", "reset", "destroy"] as const) {
      const listening = await listen({ port: 0 });
      const here = await connect(listening.local);
      const there = await listening.accept();
      await here.send("x");
      here[how]();
      await Promise.all([here.close(), there.close(), listening.close()]);
    }
    await until(() => process.getActiveResourcesInfo().length <= before);
  });
});
