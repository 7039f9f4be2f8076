import { createServer } from "node:net";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { response } from "../../src/http/response";
import { serve } from "../../src/http/server";
import { type LoadResult, load } from "../../src/lab/load";
import { loadFromOutside } from "../../src/lab/load-process";

async function serverOf(status: number) {
  let requests = 0;
  const server = await serve({ port: 0 }, () => {
    requests += 1;
    return response(status, "hello");
  });
  onTestFinished(() => server.stop());
  return { server, port: server.local.port, requests: () => requests };
}

/** A server in bytes: it answers whatever comes with `text`, and then ends if told to. */
function rawServer(text: string, end: boolean): Promise<number> {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.on("data", () => (end ? socket.end(text) : socket.write(text)));
  });
  onTestFinished(() => void server.close());
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address ? address.port : 0);
    });
  });
}

const short = { clients: 4, rounds: 1, roundMs: 50 };
const LONGEST_ROUND_MS = 5_000;
/** How long a busy machine may take to close a few connections, or to start a process and load from it. */
const IDLE_MAX_MS = 10_000;
const PROCESS_TEST_MS = 60_000;

/** The load with turns that are long enough for what is to be seen, on a machine that does other things too. */
async function loadUntil(
  enough: (result: LoadResult) => boolean,
  run: (roundMs: number) => Promise<LoadResult[]>,
): Promise<LoadResult> {
  for (let roundMs = short.roundMs; ; roundMs *= 3) {
    const [result] = await run(roundMs);
    if (result && (enough(result) || roundMs > LONGEST_ROUND_MS)) return result;
  }
}

const answered =
  (count: number) =>
  ({ answers }: LoadResult) =>
    answers >= count;
const failed = ({ failures }: LoadResult) => failures > 0;

test("counts answers, on as many connections as there are clients", async () => {
  const { server, port, requests } = await serverOf(200);
  let before = 0;
  const result = await loadUntil(answered(5), async (roundMs) => {
    // Requests of a turn that was too short may still be waiting to be read.
    await expect.poll(() => server.connections, { timeout: IDLE_MAX_MS }).toBe(0);
    before = requests();
    return load({ targets: [{ name: "mine", port }], ...short, roundMs });
  });
  expect(result).toMatchObject({ name: "mine", connections: 4, failures: 0 });
  expect(result.answers).toBeGreaterThan(4);
  await expect.poll(() => server.connections, { timeout: IDLE_MAX_MS }).toBe(0);
  expect(Math.abs(requests() - before - result.answers)).toBeLessThanOrEqual(4);
  expect(result.p99Ms).toBeGreaterThanOrEqual(result.p50Ms);
});

test("opens a connection for each request when asked to", async () => {
  const { server, port } = await serverOf(200);
  const [result] = await load({ targets: [{ name: "mine", port }], ...short, keepAlive: false });
  expect(result?.connections).toBeGreaterThanOrEqual(result?.answers ?? Number.NaN);
  expect(result?.failures).toBe(0);
  await expect.poll(() => server.connections, { timeout: IDLE_MAX_MS }).toBe(0);
});

test("gives each server its turns, and takes the middle one", async () => {
  const [one, two] = [await serverOf(200), await serverOf(200)];
  const targets = [
    { name: "one", port: one.port },
    { name: "two", port: two.port },
  ];
  let names: string[] = [];
  let before = 0;
  const first = await loadUntil(answered(1), async (roundMs) => {
    before = one.requests();
    const results = await load({ targets, ...short, rounds: 3, roundMs });
    names = results.map(({ name }) => name);
    return results;
  });
  expect(names).toEqual(["one", "two"]);
  expect(one.requests() - before).toBeGreaterThan(first.answers);
});

describe("does not count as an answer", () => {
  test("another status", async () => {
    const { port } = await serverOf(500);
    const targets = [{ name: "mine", port }];
    const result = await loadUntil(failed, (roundMs) => load({ targets, ...short, roundMs }));
    expect(result).toMatchObject({ answers: 0 });
    expect(result.failures).toBeGreaterThan(0);
  });

  test.each([
    ["one that is cut off", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel"],
    ["none at all", ""],
  ])("%s", async (_what, text) => {
    const port = await rawServer(text, true);
    const targets = [{ name: "mine", port }];
    const result = await loadUntil(failed, (roundMs) => load({ targets, ...short, roundMs }));
    expect(result).toMatchObject({ answers: 0 });
    expect(result.failures).toBeGreaterThan(0);
  });

  test("one that has not come whole", async () => {
    const port = await rawServer("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel", false);
    const [result] = await load({ targets: [{ name: "mine", port }], ...short });
    expect(result).toMatchObject({ answers: 0, failures: 0 });
  });
});

test("goes on with a server that closes after each answer", async () => {
  const text = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi";
  const port = await rawServer(text, true);
  const result = await loadUntil(answered(5), (roundMs) =>
    load({ targets: [{ name: "mine", port }], ...short, roundMs }),
  );
  expect(result.answers).toBeGreaterThan(4);
  expect(result.failures).toBe(0);
});

test.each([
  ["clients", { clients: 10_001 }],
  ["clients", { clients: 0 }],
  ["milliseconds", { rounds: 100, roundMs: 1_000 }],
])("refuses a load beyond its limit of %s", async (what, more) => {
  const targets = [{ name: "nobody", port: 1 }];
  await expect(load({ targets, ...short, ...more })).rejects.toThrow(what);
});

test("is brief from a process of its own where a notebook is only checked", {
  timeout: PROCESS_TEST_MS,
}, async () => {
  const { port } = await serverOf(200);
  vi.stubEnv("SOCKET_LAB_MEASURE", "briefly");
  onTestFinished(() => void vi.unstubAllEnvs());
  // The turns asked for would take longer than this test may.
  const long = { clients: 2, rounds: 3, roundMs: 10_000 };
  const result = await loadUntil(answered(1), () =>
    loadFromOutside({ targets: [{ name: "mine", port }], ...long }),
  );
  expect(result.answers).toBeGreaterThan(0);
});

test("works the same from a process of its own", { timeout: PROCESS_TEST_MS }, async () => {
  const { port } = await serverOf(200);
  const result = await loadUntil(answered(1), (roundMs) =>
    loadFromOutside({ targets: [{ name: "mine", port }], ...short, roundMs }),
  );
  expect(result).toMatchObject({ name: "mine", failures: 0 });
  expect(result.answers).toBeGreaterThan(0);
});
