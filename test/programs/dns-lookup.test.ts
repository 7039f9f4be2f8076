/** dns_lookup and dns_by_hand: lost, forged and damaged answers, and the contract of programs. */
import { describe, expect, onTestFinished, test } from "vitest";
import { main as dnsByHand } from "../../dist/dns_by_hand";
import { main as dnsLookup } from "../../dist/dns_lookup";
import { decodeMessage } from "../../src/dns/decode";
import { encodeMessage } from "../../src/dns/encode";
import { responseTo } from "../../src/dns/exchange";
import type { Message } from "../../src/dns/message";
import { bind, type Datagram, type UdpSocket } from "../../src/sockets/udp";
import { runHere } from "../support/here";

/** A server that does as it is told with each datagram; its port. */
async function startServer(
  onQuery: (socket: UdpSocket, datagram: Datagram, count: number) => unknown,
) {
  const socket = await bind({ port: 0 });
  const serving = (async () => {
    let count = 0;
    for await (const datagram of socket) await onQuery(socket, datagram, ++count);
  })();
  onTestFinished(async () => {
    await socket.close();
    await serving;
  });
  return socket.local.port;
}

const answerTo = (data: Buffer, address: string, changes: Partial<Message> = {}) => {
  const query = decodeMessage(data);
  const [{ name }] = query.questions;
  const answers = [{ name, type: "A", class: "IN", ttl: 60, data: address }];
  return encodeMessage(responseTo(query, { answers, ...changes }));
};

const lookup = (port: number, ...args: string[]) =>
  runHere(dnsLookup, ["core-1.lab.example", "--port", String(port), ...args]).end();

test("dns_lookup asks again when an answer is lost, from another port", async () => {
  const ports: number[] = [];
  const port = await startServer((socket, { data, from }, count) => {
    ports.push(from.port);
    return count < 3 ? undefined : socket.sendto(answerTo(data, "192.0.2.11"), from);
  });
  const { status, stdout } = await lookup(port, "--timeout", "30");
  expect([status, stdout]).toEqual([0, "core-1.lab.example.\t60\tIN\tA\t192.0.2.11\n"]);
  expect(new Set(ports).size).toBe(3);
});

describe.each([
  ["dns_lookup", dnsLookup],
  ["dns_by_hand", dnsByHand],
])("%s", (_, main) => {
  test("takes the true answer, and none that was forged", async () => {
    const elsewhere = await bind({ port: 0 });
    onTestFinished(() => elsewhere.close());
    const port = await startServer(async (socket, { data, from }) => {
      const { id } = decodeMessage(data);
      await elsewhere.sendto(answerTo(data, "192.0.2.66"), from);
      await socket.sendto(answerTo(data, "192.0.2.66", { id: id ^ 1 }), from);
      await socket.sendto(answerTo(data, "192.0.2.66", { response: false }), from);
      await socket.sendto("no DNS at all", from);
      await socket.sendto(answerTo(data, "192.0.2.11"), from);
    });
    const { status, stdout } = await runHere(main, [
      "core-1.lab.example",
      "--port",
      String(port),
    ]).end();
    expect(status).toBe(0);
    expect(stdout).toMatch(/^(?:core-1\.lab\.example\.\t60\tIN\tA\t)?192\.0\.2\.11\n$/);
  });

  test("says in one line that no server is there", async () => {
    const gone = await bind({ port: 0 });
    await gone.close();
    const end = await runHere(main, [
      "core-1.lab.example",
      "--port",
      String(gone.local.port),
    ]).end();
    expect(end.status).toBe(1);
    expect(end.stderr).toMatch(/^dns_\w+: [^\n]*connection refused[^\n]*--port[^\n]*\n$/);
  });
});

test("dns_lookup takes no answer to another question", async () => {
  const port = await startServer(async (socket, { data, from }) => {
    const questions = [{ name: "bank.example.", type: "A", class: "IN" }];
    await socket.sendto(answerTo(data, "192.0.2.66", { questions }), from);
    await socket.sendto(answerTo(data, "192.0.2.11"), from);
  });
  expect((await lookup(port)).stdout).toContain("192.0.2.11");
});

test("dns_lookup gives up a server that never answers", async () => {
  const port = await startServer(() => {});
  const { status, stderr } = await lookup(port, "--timeout", "10");
  expect(status).toBe(1);
  expect(stderr).toMatch(/^dns_lookup: no answer from 127\.0\.0\.1:\d+ to 3 questions[^\n]*\n$/);
});

test("dns_lookup prints the whole answer as JSON", async () => {
  const port = await startServer((socket, { data, from }) =>
    socket.sendto(answerTo(data, "192.0.2.11"), from),
  );
  const { stdout } = await lookup(port, "--json");
  const question = { name: "core-1.lab.example.", type: "A", class: "IN" };
  expect(JSON.parse(stdout)).toEqual({
    rcode: "NOERROR",
    flags: "qr rd",
    questions: [question],
    answers: [{ ...question, ttl: 60, data: "192.0.2.11" }],
    authority: [],
    additional: [],
  });
});

test("what a server says cannot take the terminal over", async () => {
  const port = await startServer((socket, { data, from }) => {
    const name = String.raw`\027[2J.example.`;
    const answers = [{ name, type: "TXT", class: "IN", ttl: 60, data: String.raw`"\027]0;x\007"` }];
    return socket.sendto(answerTo(data, "", { answers }), from);
  });
  const { stdout } = await lookup(port);
  expect(stdout).toContain(String.raw`\027[2J.example.`);
  const signs = Array.from(stdout).filter((sign) => !/[ -~\t\n]/.test(sign));
  expect(signs).toEqual([]);
});

test.each([
  [["a..b"], "a part of a name is empty"],
  [["core-1", "--type", "NOPE"], "this is not a record type: NOPE"],
  [["core-1", "--server", "127.0.0.1:99999"], "--server must be HOST:PORT"],
  [[], "name is missing"],
])("dns_lookup %j is bad usage: %s", async (args, text) => {
  const { status, stderr } = await runHere(dnsLookup, args).end();
  expect(status).toBe(2);
  expect(stderr).toContain(text);
  expect(stderr.split("\n")).toHaveLength(3);
});

test.each(["a..b", ".", "x".repeat(64), "a b", "\u00e4.example"])(
  "dns_by_hand %j is bad usage",
  async (name) => {
    const { status, stderr } = await runHere(dnsByHand, [name]).end();
    expect(status).toBe(2);
    expect(stderr).toMatch(/^dns_by_hand: [^\n]*is not a name[^\n]*\nTry: [^\n]*\n$/);
  },
);

test("dns_by_hand says in one line that an answer cannot be read, and that none came", async () => {
  const broken = await startServer((socket, { data, from }) => {
    const answer = answerTo(data, "192.0.2.7");
    answer.writeUInt16BE(0xffff, 6);
    return socket.sendto(answer, from);
  });
  const silent = await startServer(() => {});
  for (const [port, text] of [
    [broken, /the answer cannot be read/],
    [silent, /timed out/],
  ] as const) {
    const { status, stderr } = await runHere(dnsByHand, [
      "core-1.lab.example",
      "--port",
      String(port),
    ]).end();
    expect(status).toBe(1);
    expect(stderr).toMatch(text);
    expect(stderr.match(/\n/g)).toHaveLength(1);
  }
});
