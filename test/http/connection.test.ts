/** The states of a connection: the table, and that what is answered does not depend on how bytes are cut. */
import { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import { afterAll, describe, expect, it } from "vitest";
import { generate } from "../../scripts/fuzz/generate";
import { Random } from "../../scripts/fuzz/random";
import { Clock } from "../../src/http/clock";
import { Connection } from "../../src/http/connection";
import { type ConnectionState, isClosing, step } from "../../src/http/connection-state";
import type { Handler } from "../../src/http/exchange";
import { DEFAULT_METHODS, plainError } from "../../src/http/exchange-rules";
import { DEFAULT_LIMITS } from "../../src/http/limits";
import { response } from "../../src/http/response";

const STATES: readonly ConnectionState[] = [
  ...(["idle", "head", "handling", "holding", "sending", "dropping"] as const),
  ...(["closing", "lingering", "gone"] as const),
];

describe("the states of a connection", () => {
  const next = (from: ConnectionState) =>
    STATES.filter((to) => {
      try {
        return step(from, to) === to;
      } catch {
        return false;
      }
    });

  it("all lead to gone, which is the end", () => {
    for (const state of STATES) expect(next(state).includes("gone")).toBe(state !== "gone");
    expect(next("gone")).toEqual([]);
  });

  it("never lead back from the last response", () => {
    expect(STATES.filter(isClosing)).toEqual(["closing", "lingering", "gone"]);
    for (const state of STATES.filter(isClosing)) expect(next(state).every(isClosing)).toBe(true);
  });

  it("let a handler see one request at a time: from handling only over its response to the next", () => {
    const reach = (from: ConnectionState) => next(from).filter((to) => !isClosing(to));
    expect(reach("handling")).toEqual(["idle", "holding", "sending", "dropping"]);
    for (const state of reach("handling")) {
      if (state !== "idle") expect(reach(state)).not.toContain("handling");
    }
  });

  it("cannot be left out", () => {
    expect(() => step("closing", "handling")).toThrow("cannot go from closing to handling");
  });
});

/** A socket as far as a connection needs one: it takes everything at once. */
class FakeSocket extends EventEmitter {
  readonly writableNeedDrain = false;
  readonly writableLength = 0;
  writable = true;
  destroyed = false;
  sent = "";

  write(data: string | Buffer): boolean {
    this.sent += data.toString("latin1");
    return true;
  }

  end(done: () => void): void {
    this.writable = false;
    done();
  }

  resetAndDestroy(): void {
    this.writable = false;
    this.sent += " (reset)";
  }

  cork(): void {}
  uncork(): void {}
  pause(): void {}
  resume(): void {}
}

const clock = new Clock(1_000, () => undefined);
afterAll(() => clock.stop());

const handlers: Record<string, Handler> = {
  "reads content": async (request) => response(200, await request.bytes()),
  "ignores content": () => response(200, "fine"),
  "ignores content, and takes its time": async () => {
    await null;
    return response(200, "fine");
  },
};

/** What a connection sends for the bytes between the cuts, without interim responses and dates. */
async function answersTo(
  bytes: Buffer,
  cuts: readonly number[],
  handler: Handler,
): Promise<string> {
  const socket = new FakeSocket();
  const errors: unknown[] = [];
  const host = {
    ...{ limits: DEFAULT_LIMITS, clock, handler, methods: new Set(DEFAULT_METHODS) },
    ...{ hosts: undefined, errorResponse: plainError, asterisk: false, stopping: false },
    report: (error: unknown) => void errors.push(error),
  };
  const keeper = { forget: () => undefined, admit: () => undefined };
  new Connection(host, socket as EventEmitter as Socket, keeper); // it asks no more of a socket
  let start = 0;
  for (const cut of [...cuts, bytes.length]) {
    if (cut > start) socket.emit("data", bytes.subarray(start, cut));
    start = cut;
    await new Promise(setImmediate);
  }
  socket.emit("end");
  await new Promise(setImmediate);
  socket.emit("close");
  await new Promise(setImmediate);
  expect(errors).toEqual([]);
  return socket.sent.replaceAll(/HTTP\/1\.1 100 Continue\r\n\r\n|Date: [^\r]*\r\n/g, "");
}

describe("what a connection answers does not depend on how the bytes are cut: a handler that", () => {
  const RUNS = 250;

  it.each(Object.entries(handlers))("%s", async (_, handler) => {
    for (let run = 0; run < RUNS; run++) {
      const random = new Random(7, run);
      const bytes = generate(random);
      const cuts = [1, 2, 3].map(() => random.below(bytes.length + 1)).sort((a, b) => a - b);
      const whole = await answersTo(bytes, [], handler);
      const parted = await answersTo(bytes, cuts, handler);
      expect(parted, `${JSON.stringify(bytes.toString("latin1"))} cut at ${cuts}`).toBe(whole);
    }
  });
});
