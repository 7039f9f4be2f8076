/** The window of port_scanner against a network of its own, where every kind of answer can be had. */
import { EventEmitter } from "node:events";
import type * as Net from "node:net";
import { expect, onTestFinished, test, vi } from "vitest";
import { Prober } from "../../dist/port_prober";
import { askAll as probeAll } from "../../dist/port_probes";
import { ANSWER, type ScanWork, sharedWork } from "../../src/scan/work";

/** What becomes of one connect: it stands (and from which port), fails with a code, or nothing. */
type Fate = { readonly from: number; readonly at?: string } | string | undefined;

interface Asked {
  readonly host: string;
  readonly port: number;
}

/** Sockets whose connects end as `fate` says, a turn later; counts how many are under way. */
function fakeNet(fate: (asked: Asked, time: number) => Fate) {
  const asked: Asked[] = [];
  const under = { way: 0, most: 0, sockets: 0 };
  class Socket extends EventEmitter {
    connecting = false;
    localPort: number | undefined;
    localAddress: string | undefined;
    remoteAddress: string | undefined;

    constructor() {
      super();
      under.sockets += 1;
    }

    connect({ host, port }: Asked): this {
      if (this.connecting) throw new Error("a socket that connects cannot connect");
      this.connecting = true;
      under.most = Math.max(under.most, ++under.way);
      asked.push({ host, port });
      const time = asked.filter((one) => one.port === port && one.host === host).length;
      setImmediate(() => this.#meet(fate({ host, port }, time), host));
      return this;
    }

    #meet(met: Fate, host: string): void {
      if (met === undefined || !this.connecting) return;
      if (typeof met === "string") {
        this.emit("error", Object.assign(new Error(met), { code: met }));
        this.destroy();
        return;
      }
      this.localPort = met.from;
      this.localAddress = met.at ?? host;
      this.remoteAddress = host;
      this.emit("connect");
    }

    resetAndDestroy(): void {
      this.destroy();
    }

    destroy(): void {
      if (!this.connecting) return;
      this.connecting = false;
      under.way -= 1;
      setImmediate(() => this.emit("close"));
    }
  }
  // Only what askAll uses of it.
  return { net: { Socket } as unknown as typeof Net, asked, under };
}

const askAll = (net: typeof Net, work: ScanWork, done: (failure?: string) => void) =>
  probeAll(net, work, done, Prober);
const range = (first: number, count: number) => Array.from({ length: count }, (_, i) => first + i);
const NEVER_MS = 60_000;

function workFor(ports: readonly number[], more: Partial<ScanWork> = {}, hosts = ["127.0.0.1"]) {
  const settings = { window: 10, timeoutMs: NEVER_MS, final: true, pauseMs: 1 };
  return { ...sharedWork(hosts, ports), ...settings, ...more };
}

const run = (net: typeof Net, work: ScanWork) =>
  new Promise<string | undefined>((resolve) => askAll(net, work, resolve));

const { OPEN, CLOSED, FILTERED, UNREACHABLE, SELF, RESET, UNASKED } = ANSWER;

test("every port is asked once, and every answer is told from the others", async () => {
  const fates: Record<number, Fate> = {
    1: { from: 50_000 },
    2: "ECONNREFUSED",
    3: undefined,
    4: "EHOSTUNREACH",
    5: "ENETUNREACH",
    6: "ETIMEDOUT",
    7: "EACCES",
    8: "ECONNRESET",
  };
  const { net, asked } = fakeNet(({ port }) => fates[port]);
  const work = workFor(range(1, 8), { timeoutMs: 20 });
  expect(await run(net, work)).toBeFalsy();
  expect([...work.answers]).toEqual([
    OPEN,
    CLOSED,
    FILTERED,
    UNREACHABLE,
    UNREACHABLE,
    FILTERED,
    UNREACHABLE,
    RESET,
  ]);
  expect(asked.map(({ port }) => port).sort()).toEqual(range(1, 8));
  expect(work.words[work.word.SETTLED]).toBe(8);
});

test("never more probes are under way than the window holds, and sockets are used again", async () => {
  const { net, asked, under } = fakeNet(() => "ECONNREFUSED");
  await run(net, workFor(range(1, 500), { window: 7 }));
  expect([asked.length, under.most, under.sockets]).toEqual([500, 7, 7]);
});

test("each place is refilled for itself: one that waits holds up no other", async () => {
  const { net, asked } = fakeNet(({ port }) => (port === 1 ? undefined : "ECONNREFUSED"));
  const work = workFor(range(1, 300), { window: 2 });
  const stop = askAll(net, work, () => {});
  onTestFinished(stop);
  await expect.poll(() => asked.length).toBe(300);
  expect(work.answers[0]).toBe(UNASKED);
});

test("it is over at once where there is nothing left to ask", async () => {
  const { net, asked } = fakeNet(() => "ECONNREFUSED");
  const work = workFor([1, 2]);
  work.answers.fill(CLOSED);
  expect(await run(net, work)).toBeFalsy();
  expect(asked).toEqual([]);
});

test("several hosts are asked in turn, all their ports", async () => {
  const { net, asked } = fakeNet(() => "ECONNREFUSED");
  await run(net, workFor([22, 80], { window: 1 }, ["127.0.0.1", "127.0.0.2"]));
  expect(asked.map(({ host, port }) => `${host}:${port}`)).toEqual([
    "127.0.0.1:22",
    "127.0.0.2:22",
    "127.0.0.1:80",
    "127.0.0.2:80",
  ]);
});

test("a connection to itself is no open port, and a round later it is asked again", async () => {
  const { net, asked } = fakeNet(({ port }, time) =>
    port === 40_000 && time === 1 ? { from: port } : "ECONNREFUSED",
  );
  const work = workFor([39_999, 40_000], { final: false });
  await run(net, work);
  expect([...work.answers]).toEqual([CLOSED, SELF]);
  expect(work.words[work.word.SETTLED]).toBe(1);
  work.words[work.word.NEXT] = 0;
  await run(net, { ...work, final: true });
  expect([...work.answers]).toEqual([CLOSED, CLOSED]);
  expect(asked.map(({ port }) => port)).toEqual([39_999, 40_000, 40_000]);
});

test("the same port at another address is an open port like any other", async () => {
  const { net } = fakeNet(({ port }) => ({ from: port, at: "192.0.2.5" }));
  const work = workFor([40_000], {}, ["192.0.2.6"]);
  await run(net, work);
  expect([...work.answers]).toEqual([OPEN]);
});

test("only what is doubtful is asked in the second round, and may turn out open", async () => {
  const { net, asked } = fakeNet(({ port }, time) => {
    if (port === 2) return time === 1 ? undefined : { from: 50_000 };
    return port === 1 ? { from: 50_001 } : "ECONNREFUSED";
  });
  const work = workFor([1, 2, 3], { final: false, timeoutMs: 20 });
  await run(net, work);
  expect([...work.answers]).toEqual([OPEN, FILTERED, CLOSED]);
  work.words[work.word.NEXT] = 0;
  await run(net, { ...work, final: true });
  expect([...work.answers]).toEqual([OPEN, OPEN, CLOSED]);
  expect(asked).toHaveLength(4);
});

test.each(["EMFILE", "ENFILE", "EADDRNOTAVAIL", "ENOBUFS", "ENOMEM", "EAGAIN"])(
  "after %s the same port is asked again, and none is lost",
  async (code) => {
    const { net, asked } = fakeNet((_asked, time) => (time <= 3 ? code : "ECONNREFUSED"));
    const work = workFor(range(1, 50));
    expect(await run(net, work)).toBeFalsy();
    expect(work.answers.every((answer) => answer === CLOSED)).toBe(true);
    expect(asked).toHaveLength(200);
  },
);

test("a shortage that does not pass ends the scan, names itself, and leaves what is known", async () => {
  const { net } = fakeNet(({ port }) => (port <= 3 ? "ECONNREFUSED" : "EADDRNOTAVAIL"));
  const work = workFor(range(1, 9), { window: 2, shortageMaxMs: 20 });
  expect(await run(net, work)).toBe("EADDRNOTAVAIL");
  expect([...work.answers.subarray(0, 4)]).toEqual([CLOSED, CLOSED, CLOSED, UNASKED]);
});

test("what is under way when the scan is stopped stays unasked, and all sockets end", async () => {
  const { net, under } = fakeNet(() => undefined);
  const work = workFor(range(1, 100), { window: 5 });
  let stop: () => void = () => {};
  const over = new Promise((resolve) => {
    stop = askAll(net, work, resolve);
  });
  work.words[work.word.STOP] = 1;
  stop();
  await over;
  expect(under.way).toBe(0);
  expect(work.answers.every((answer) => answer === UNASKED)).toBe(true);
});

test("with a gap no probe begins before its time, whatever the window", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  onTestFinished(() => void vi.useRealTimers());
  const { net, asked } = fakeNet(() => "ECONNREFUSED");
  let ended = false;
  askAll(net, workFor(range(1, 100), { gapMs: 10, window: 20, pauseMs: 50 }), () => {
    ended = true;
  });
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  for (let ms = 0; !ended && ms < 2_000; ms += 1) {
    await vi.advanceTimersByTimeAsync(1);
    for (let i = 0; i < 3; i += 1) await turn();
    expect(asked.length).toBeLessThanOrEqual(Math.floor((ms + 1) / 10) + 1);
  }
  expect([ended, asked.length]).toEqual([true, 100]);
});
