import dgram from "node:dgram";
import { getEventListeners, once } from "node:events";
import { describe, expect, it, onTestFinished } from "vitest";
import { until } from "../../src/lab/until";
import {
  DATAGRAM_OVERHEAD_BYTES,
  DATAGRAM_QUEUE_MAX_BYTES,
  UDP_PAYLOAD_MAX_BYTES,
} from "../../src/sockets/limits";
import { type BindOptions, bind, type UdpSocket, udpSocket } from "../../src/sockets/udp";
import { failure, failureCode, pattern, requireIPv6 } from "./support/connections";

async function bound(options: Partial<BindOptions> = {}): Promise<UdpSocket> {
  const socket = await bind({ port: 0, ...options });
  onTestFinished(() => socket.close());
  return socket;
}

function unbound(...options: Parameters<typeof udpSocket>): UdpSocket {
  const socket = udpSocket(...options);
  onTestFinished(() => socket.close());
  return socket;
}

async function closedUdpPort(): Promise<number> {
  const probe = await bind({ port: 0 });
  await probe.close();
  return probe.local.port;
}

describe("bind", () => {
  it("binds to 127.0.0.1 and the port that the system chose", async () => {
    const { local } = await bound();
    expect(local).toEqual({ host: "127.0.0.1", port: expect.any(Number), family: "IPv4" });
    expect(local.port).toBeGreaterThan(0);
  });

  it("binds to an IPv6 address, whose socket talks IPv6", async (ctx) => {
    await requireIPv6(ctx);
    const receiver = await bound({ host: "::1" });
    expect(receiver.local).toMatchObject({ host: "::1", family: "IPv6" });
    const sender = unbound();
    await sender.sendto("six", receiver.local);
    const { data, from } = await receiver.recvfrom();
    expect([String(data), from.host, from.family]).toEqual(["six", "::1", "IPv6"]);
    await receiver.sendto("back", from);
    expect(String((await sender.recvfrom()).data)).toBe("back");
  });

  it("rejects with ADDRESS_IN_USE, naming the endpoint", async () => {
    const { port } = (await bound()).local;
    const error = await failure(bind({ port }));
    expect(error).toMatchObject({ code: "ADDRESS_IN_USE", systemCode: "EADDRINUSE" });
    expect(error.message).toBe(`bind 127.0.0.1:${port}: address already in use`);
  });

  it("rejects with ADDRESS_NOT_AVAILABLE, UNKNOWN_HOST and ABORTED", async () => {
    expect(await failureCode(bind({ host: "192.0.2.1", port: 0 }))).toBe("ADDRESS_NOT_AVAILABLE");
    expect(await failureCode(bind({ host: "nowhere.invalid", port: 0 }))).toBe("UNKNOWN_HOST");
    const aborted = await failure(bind({ port: 0, signal: AbortSignal.abort() }));
    expect(aborted).toMatchObject({
      code: "ABORTED",
      message: "bind 127.0.0.1:0: stopped on request",
    });
  });

  it("closes what it opened when its signal aborts meanwhile, and frees the port", async () => {
    const { port } = (await bound()).local;
    const other = { host: "127.0.0.2", port }; // free there: macOS has no such address
    const stop = new AbortController();
    const binding = failure(bind({ ...other, signal: stop.signal }));
    stop.abort();
    const { code, message } = await binding;
    if (code === "ADDRESS_NOT_AVAILABLE") return;
    expect([code, message]).toEqual(["ABORTED", `bind 127.0.0.2:${port}: stopped on request`]);
    await (await bind(other)).close();
  });

  it("rejects a bad port with a RangeError", async () => {
    await expect(bind({ port: 70_000 })).rejects.toThrow(
      new RangeError("port must be an integer from 0 to 65535, not 70000"),
    );
  });
});

describe("sendto and recvfrom", () => {
  it("carry a datagram and its sender's address, and sendto gives the number of bytes", async () => {
    const receiver = await bound();
    const sender = await bound();
    expect(await sender.sendto("zażółć", receiver.local)).toBe(10);
    const { data, from, truncated } = await receiver.recvfrom();
    expect([String(data), from, truncated]).toEqual(["zażółć", sender.local, false]);
  });

  it("keep the boundaries of datagrams, the empty one too", async () => {
    const receiver = await bound();
    const sender = unbound();
    for (const text of ["first", "", "third"]) await sender.sendto(text, receiver.local);
    await until(() => receiver.waiting === 3);
    const got = [];
    for (let i = 0; i < 3; i++) got.push(String((await receiver.recvfrom()).data));
    expect(got).toEqual(["first", "", "third"]);
  });

  it("cut a datagram that is longer than maxBytes, say so, and lose the rest", async () => {
    const receiver = await bound();
    const sender = unbound();
    const waiting = receiver.recvfrom(4);
    await sender.sendto("abcdef", receiver.local);
    expect(await waiting).toMatchObject({ data: Buffer.from("abcd"), truncated: true });
    await sender.sendto("ghij", receiver.local);
    expect(await receiver.recvfrom(4)).toMatchObject({
      data: Buffer.from("ghij"),
      truncated: false,
    });
  });

  it("carry the longest datagram, and reject a longer one with MESSAGE_TOO_LONG", async () => {
    const receiver = await bound();
    const sender = unbound();
    const longest = pattern(UDP_PAYLOAD_MAX_BYTES);
    expect(await sender.sendto(longest, receiver.local)).toBe(UDP_PAYLOAD_MAX_BYTES);
    expect((await receiver.recvfrom()).data.equals(longest)).toBe(true);
    const error = await failure(sender.sendto(pattern(UDP_PAYLOAD_MAX_BYTES + 1), receiver.local));
    expect(error).toMatchObject({ code: "MESSAGE_TOO_LONG", systemCode: "EMSGSIZE" });
    expect(error.advice).toMatch(/65507/);
    await sender.sendto("and it still works", receiver.local);
    expect(String((await receiver.recvfrom()).data)).toBe("and it still works");
  });

  it("find a host by name, and reject with UNKNOWN_HOST where there is none", async () => {
    const receiver = await bound();
    const sender = await bound();
    await sender.sendto("by name", { host: "localhost", port: receiver.local.port });
    expect(String((await receiver.recvfrom()).data)).toBe("by name");
    const lost = { host: "nowhere.invalid", port: 9 };
    expect(await failureCode(sender.sendto("x", lost))).toBe("UNKNOWN_HOST");
    expect(await failureCode(unbound().sendto("x", lost))).toBe("UNKNOWN_HOST");
  });

  it("reject an address of the other family with ADDRESS_NOT_AVAILABLE", async () => {
    const sender = await bound();
    const error = await failure(sender.sendto("x", { host: "::1", port: 9 }));
    expect(error.code).toBe("ADDRESS_NOT_AVAILABLE");
    expect(error.message).toMatch(/^sendto \[::1\]:9: address of another family/);
  });

  it("reject a broadcast that was not allowed, with PERMISSION_DENIED", async () => {
    const sender = unbound();
    const error = await failure(sender.sendto("all", { host: "255.255.255.255", port: 9 }));
    expect(["PERMISSION_DENIED", "UNREACHABLE"]).toContain(error.code);
  });

  it("reject port 0 and maxBytes 0 with a RangeError, and other data with a TypeError", async () => {
    const sender = unbound();
    await expect(sender.sendto("x", { host: "127.0.0.1", port: 0 })).rejects.toThrow(RangeError);
    await expect(sender.recvfrom(0)).rejects.toThrow(RangeError);
    // A program in plain JavaScript can pass anything.
    const wrong = null as unknown as string;
    await expect(sender.sendto(wrong, { host: "127.0.0.1", port: 9 })).rejects.toThrow(TypeError);
  });
});

describe("an unbound socket", () => {
  it("is bound by the system at its first sendto, even of several at once", async () => {
    const receiver = await bound();
    const sender = unbound();
    expect(sender.local).toEqual({ host: "0.0.0.0", port: 0, family: "IPv4" });
    await Promise.all(["a", "b", "c"].map((text) => sender.sendto(text, receiver.local)));
    expect(sender.local.port).toBeGreaterThan(0);
    for (let i = 0; i < 3; i++) {
      expect((await receiver.recvfrom()).from.port).toBe(sender.local.port);
    }
  });

  it("can wait to receive before it is bound", async () => {
    const receiver = await bound();
    const sender = unbound();
    const answer = sender.recvfrom();
    await sender.sendto("question", receiver.local);
    await receiver.sendto("answer", (await receiver.recvfrom()).from);
    expect(String((await answer).data)).toBe("answer");
  });

  it("can be closed before it was used", async () => {
    const socket = udpSocket();
    const waiting = failureCode(socket.recvfrom());
    await socket.close();
    expect(await waiting).toBe("CLOSED");
    expect(await failureCode(socket.sendto("x", { host: "127.0.0.1", port: 9 }))).toBe("CLOSED");
  });
});

describe("close during a look-up", () => {
  it("rejects sendto and connect with CLOSED, of a bound socket and of an unbound one", async () => {
    const to = { host: "localhost", port: 9 };
    for (const socket of [await bound(), unbound()]) {
      const calls = [
        failureCode(socket.sendto("x", to)),
        failureCode(socket.connect(to)),
        failureCode(socket.sendto("y", to, { timeout: 5_000 })),
      ];
      await socket.close();
      expect(await Promise.all(calls)).toEqual(["CLOSED", "CLOSED", "CLOSED"]);
    }
  });
});

describe("recvfrom that waits", () => {
  it("serves several calls in order", async () => {
    const receiver = await bound();
    const sender = unbound();
    const waiting = [receiver.recvfrom(), receiver.recvfrom(), receiver.recvfrom()];
    for (const text of ["1", "2", "3"]) await sender.sendto(text, receiver.local);
    expect((await Promise.all(waiting)).map(({ data }) => String(data))).toEqual(["1", "2", "3"]);
  });

  it("rejects with TIMED_OUT or ABORTED and leaves the datagram to the next call", async () => {
    const receiver = await bound();
    const error = await failure(receiver.recvfrom(10, { timeout: 5 }));
    expect(error.message).toBe(`recvfrom 127.0.0.1:${receiver.local.port}: timed out after 5 ms`);
    const stop = new AbortController();
    const aborted = failureCode(receiver.recvfrom(10, { signal: stop.signal }));
    stop.abort();
    expect(await aborted).toBe("ABORTED");
    await unbound().sendto("late", receiver.local);
    expect(String((await receiver.recvfrom()).data)).toBe("late");
  });

  it("rejects with CLOSED when the socket closes, as do later calls; close is idempotent", async () => {
    const receiver = await bound();
    const waiting = [failureCode(receiver.recvfrom()), failureCode(receiver.recvfrom())];
    await Promise.all([receiver.close(), receiver.close()]);
    expect(await Promise.all(waiting)).toEqual(["CLOSED", "CLOSED"]);
    expect(await failureCode(receiver.recvfrom())).toBe("CLOSED");
    expect(await failureCode(receiver.sendto("x", receiver.local))).toBe("CLOSED");
    expect(receiver.closed).toBe(true);
    await (await bind({ port: receiver.local.port })).close();
  });

  it("leaves no listener on its signal after ten thousand calls", async () => {
    const receiver = await bound();
    const stop = new AbortController();
    for (let batch = 0; batch < 10; batch++) {
      const calls = Array.from({ length: 1_000 }, () =>
        failureCode(receiver.recvfrom(10, { timeout: 1, signal: stop.signal })),
      );
      expect(getEventListeners(stop.signal, "abort").length).toBe(1);
      await Promise.all(calls);
    }
    expect(getEventListeners(stop.signal, "abort").length).toBe(0);
  });
});

describe("a datagram that is not received", () => {
  it("is not reported to an unconnected socket", async () => {
    const sender = unbound();
    expect(await sender.sendto("hello?", { host: "127.0.0.1", port: await closedUdpPort() })).toBe(
      6,
    );
    expect(await failureCode(sender.recvfrom(10, { timeout: 50 }))).toBe("TIMED_OUT");
  });

  it("is reported as REFUSED to a connected one, which can be used again", async () => {
    const sender = unbound();
    const port = await closedUdpPort();
    await sender.connect({ host: "127.0.0.1", port });
    expect(sender.peer).toEqual({ host: "127.0.0.1", port, family: "IPv4" });
    const waiting = failure(sender.recvfrom());
    await sender.send("hello?");
    expect(await waiting).toMatchObject({ code: "REFUSED", systemCode: "ECONNREFUSED" });
    const receiver = await bound({ port });
    await sender.send("now?");
    expect(String((await receiver.recvfrom()).data)).toBe("now?");
  });

  it("is reported to the next recvfrom when none waited", async () => {
    const sender = unbound();
    await sender.connect({ host: "127.0.0.1", port: await closedUdpPort() });
    await sender.send("hello?");
    expect(await failureCode(sender.recvfrom(10, { timeout: 5_000 }))).toBe("REFUSED");
  });
});

describe("a connected socket", () => {
  it("receives from its peer only", async () => {
    const [peer, stranger, socket] = [await bound(), await bound(), await bound()];
    await socket.connect(peer.local);
    await stranger.sendto("let me in", socket.local);
    await peer.sendto("it is me", socket.local);
    expect(String((await socket.recvfrom()).data)).toBe("it is me");
    expect(socket.waiting).toBe(0);
  });

  it("needs connect before send, and no address after it", async () => {
    const [peer, socket] = [await bound(), unbound()];
    await expect(socket.send("x")).rejects.toThrow(/call connect first/);
    await socket.connect(peer.local);
    await expect(socket.sendto("x", peer.local)).rejects.toThrow(/so use send/);
  });

  it("can be connected to another peer", async () => {
    const [one, other, socket] = [await bound(), await bound(), unbound()];
    await socket.connect(one.local);
    await socket.connect(other.local);
    await socket.send("to the other");
    expect(String((await other.recvfrom()).data)).toBe("to the other");
    expect(socket.peer).toEqual(other.local);
  });

  it("rejects with UNKNOWN_HOST for a name that leads nowhere", async () => {
    expect(await failureCode(unbound().connect({ host: "nowhere.invalid", port: 9 }))).toBe(
      "UNKNOWN_HOST",
    );
  });
});

describe("a queue that is not emptied", () => {
  it("is bounded: newer datagrams are dropped and counted, the older ones stay", async () => {
    const receiver = await bound();
    const raw = dgram.createSocket("udp4");
    onTestFinished(() => void raw.close());
    const size = 8 * 1024 - DATAGRAM_OVERHEAD_BYTES;
    const fits = DATAGRAM_QUEUE_MAX_BYTES / (size + DATAGRAM_OVERHEAD_BYTES);
    const total = fits + 10;
    for (let i = 0; i < total; i++) {
      const data = Buffer.alloc(size);
      data.writeUInt32BE(i);
      await new Promise((resolve) => raw.send(data, receiver.local.port, "127.0.0.1", resolve));
      // One at a time, so that the kernel's own queue never fills and drops any.
      await until(() => receiver.waiting + receiver.dropped === i + 1);
    }
    expect([receiver.waiting, receiver.dropped]).toEqual([fits, 10]);
    for (let i = 0; i < fits; i++) {
      expect((await receiver.recvfrom()).data.readUInt32BE()).toBe(i);
    }
    const again = unbound();
    await again.sendto("there is room again", receiver.local);
    expect(String((await receiver.recvfrom()).data)).toBe("there is room again");
  });
});

describe("iterating over a socket", () => {
  it("gives datagrams until the socket closes", async () => {
    const receiver = await bound();
    const sender = unbound();
    const got: string[] = [];
    const loop = (async () => {
      for await (const { data } of receiver) {
        got.push(String(data));
        if (got.length === 2) void receiver.close();
      }
    })();
    await sender.sendto("one", receiver.local);
    await sender.sendto("two", receiver.local);
    await loop;
    expect(got).toEqual(["one", "two"]);
  });

  it("takes nothing once it was left or ended, and leaves the socket open", async () => {
    const receiver = await bound();
    const datagrams = receiver[Symbol.asyncIterator]();
    const waiting = datagrams.next();
    await datagrams.return?.();
    expect((await waiting).done).toBe(true);
    await unbound().sendto("for recvfrom", receiver.local);
    expect(String((await receiver.recvfrom()).data)).toBe("for recvfrom");
  });

  it("ends when the signal of bind aborts, after which calls reject with ABORTED", async () => {
    const stop = new AbortController();
    const receiver = await bound({ signal: stop.signal });
    const waiting = failureCode(receiver.recvfrom());
    const loop = (async () => {
      for await (const _ of receiver);
    })();
    stop.abort();
    await loop;
    expect(await waiting).toBe("ABORTED");
    expect(await failureCode(receiver.recvfrom())).toBe("ABORTED");
    await receiver.close();
  });

  it("leaves no listener on the signal of bind when the socket is closed", async () => {
    const stop = new AbortController();
    const receiver = await bound({ signal: stop.signal });
    expect(getEventListeners(stop.signal, "abort").length).toBe(1);
    await receiver.close();
    expect(getEventListeners(stop.signal, "abort").length).toBe(0);
  });
});

describe("datagrams of a plain socket of Node's", () => {
  it("are exchanged in both directions", async () => {
    const receiver = await bound();
    const raw = dgram.createSocket("udp4");
    onTestFinished(() => void raw.close());
    const answered = once(raw, "message");
    raw.send("ping", receiver.local.port, "127.0.0.1");
    const { data, from } = await receiver.recvfrom();
    await receiver.sendto(`${data} pong`, from);
    expect(String((await answered)[0])).toBe("ping pong");
  });
});
