import { expect, test } from "vitest";
import { ANSWER, anyDoubtful, doubtCrossed, settle, sharedWork } from "../../src/scan/work";

const HOSTS = ["127.0.0.1", "127.0.0.2"];

/** Work of two hosts and three ports, with answers given by host and port. */
function work(answers: [host: number, port: number, answer: number, localPort?: number][]) {
  const made = sharedWork(HOSTS, [100, 200, 300]);
  for (const [host, port, answer, localPort = 0] of answers) {
    const probe = (port / 100 - 1) * HOSTS.length + host;
    made.answers[probe] = answer;
    made.localPorts[probe] = localPort;
  }
  return made;
}

const { OPEN, RESET, CLOSED, FILTERED, UNASKED, SELF, UNREACHABLE } = ANSWER;

test("two probes that met half-way are doubted, both of them", () => {
  const made = work([
    [0, 100, OPEN, 300],
    [0, 300, OPEN, 100],
    [0, 200, OPEN, 4711],
  ]);
  doubtCrossed(made);
  expect([...made.answers]).toEqual([RESET, 0, OPEN, 0, RESET, 0]);
});

test("one whose counterpart was reset is doubted too", () => {
  const made = work([
    [0, 100, OPEN, 300],
    [0, 300, RESET],
  ]);
  doubtCrossed(made);
  expect(made.answers[0]).toBe(RESET);
});

test("an open port stays open when its caller's port was closed, or is another address's", () => {
  const made = work([
    [0, 100, OPEN, 300],
    [0, 300, CLOSED],
    [1, 300, OPEN, 4711],
  ]);
  doubtCrossed(made);
  expect(made.answers[0]).toBe(OPEN);
});

test("doubtful is what was not asked, met itself, was reset, or gave no answer", () => {
  const all = (answer: number) => {
    const made = sharedWork(["127.0.0.1"], [1, 2]);
    made.answers.set([CLOSED, answer]);
    return anyDoubtful(made);
  };
  expect([UNASKED, SELF, RESET, FILTERED].map(all)).toEqual([true, true, true, true]);
  expect([CLOSED, UNREACHABLE, OPEN].map(all)).toEqual([false, false, false]);
});

test("in the end a self-connect is closed, a port that resets is open, and silence is filtered", () => {
  const made = work([
    [0, 100, SELF],
    [0, 200, RESET],
    [0, 300, FILTERED],
    [1, 100, UNREACHABLE],
  ]);
  settle(made);
  expect([...made.answers]).toEqual([CLOSED, UNREACHABLE, OPEN, 0, FILTERED, 0]);
});

test("the memory is one that threads share", () => {
  const { answers, localPorts, words, ports } = sharedWork(HOSTS, [1, 2, 3]);
  for (const array of [answers, localPorts, words, ports]) {
    expect(array.buffer).toBeInstanceOf(SharedArrayBuffer);
  }
  expect(answers).toHaveLength(6);
});
