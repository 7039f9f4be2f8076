import { describe, expect, test } from "vitest";
import { encodeMessage } from "../../src/dns/encode";
import { makeQuery, mismatch, readAnswer, responseTo } from "../../src/dns/exchange";
import { FrameReader, frame } from "../../src/dns/framing";
import type { Message } from "../../src/dns/message";
import { nextStep } from "../../src/dns/next-step";
import { ask, codeOf, message, record } from "./support";

const query = makeQuery(4711, "core.lab", "A");
const answer = responseTo(query, { answers: [record("core.lab.", "A", "192.0.2.1")] });
const server = { host: "127.0.0.1", port: 53 };

test("a query asks for recursion and says how long an answer may be", () => {
  expect(query).toMatchObject({ id: 4711, recursionDesired: true, edns: { udpSize: 1232 } });
  expect(makeQuery(1, "a", "A", { edns: undefined, recursionDesired: false })).toEqual(
    message({ id: 1, questions: [ask("a.")] }),
  );
});

describe("an answer is believed", () => {
  test.each<[string, Message, string | undefined]>([
    ["when id and question are those of the query", answer, undefined],
    [
      "when the question is in another case",
      { ...answer, questions: [ask("CORE.lab.")] },
      undefined,
    ],
    [
      "when it is a failure without the question",
      responseTo(query, { rcode: "FORMERR", questions: [] }),
      undefined,
    ],
    ["not without the question otherwise", { ...answer, questions: [] }, "another question"],
    ["not with another id", { ...answer, id: 4712 }, "another id"],
    ["not when it is a query", { ...answer, response: false }, "not an answer"],
    ["not with another opcode", { ...answer, opcode: "STATUS" }, "not an answer"],
    ["not about another name", { ...answer, questions: [ask("core.bal.")] }, "another question"],
    [
      "not about another type",
      { ...answer, questions: [ask("core.lab.", "MX")] },
      "another question",
    ],
    [
      "not about more",
      { ...answer, questions: [ask("core.lab."), ask("bank.")] },
      "another question",
    ],
  ])("%s", (_, heard, why) => {
    expect(mismatch(query, heard)).toBe(why);
  });

  test("from the server's own address and port alone", () => {
    const data = encodeMessage(answer);
    expect(readAnswer(query, server, { data, from: server })).toMatchObject({ rcode: "NOERROR" });
    for (const from of [
      { ...server, port: 54 },
      { ...server, host: "127.0.0.2" },
    ]) {
      expect(readAnswer(query, server, { data, from })).toBe("from another place");
    }
  });

  test("when it can be read", () => {
    expect(readAnswer(query, server, { data: Buffer.from("no"), from: server })).toBe("not DNS");
  });
});

describe("frames over TCP", () => {
  const [one, two] = [encodeMessage(query), encodeMessage(answer)];
  const stream = Buffer.concat([frame(one), frame(two)]);

  test("come out whole, however the stream is cut", () => {
    for (let size = 1; size <= stream.length; size++) {
      const reader = new FrameReader();
      const messages: Buffer[] = [];
      for (let at = 0; at < stream.length; at += size) {
        messages.push(...reader.push(stream.subarray(at, at + size)));
      }
      expect(messages).toEqual([one, two]);
      expect(reader.unfinished).toBe(false);
    }
  });

  test("that have begun are unfinished, and one without room for a header is refused", () => {
    const reader = new FrameReader();
    expect(reader.push(stream.subarray(0, 5))).toEqual([]);
    expect(reader.unfinished).toBe(true);
    expect(codeOf(() => new FrameReader().push(Buffer.from([0, 11])))).toBe("EMPTY_FRAME");
    expect(codeOf(() => frame(Buffer.alloc(65_536)))).toBe("LONG_MESSAGE");
  });
});

describe("the next step after an answer", () => {
  const asked = ask("core.lab.example.");
  const ns = record("lab.example.", "NS", "ns.lab.example.");
  const glue = record("ns.lab.example.", "A", "192.0.2.53");
  const alias = record("core.lab.example.", "CNAME", "www.lab.example.");

  test.each<[string, Partial<Message>, object]>([
    [
      "is the records",
      { answers: [record("CORE.lab.example.", "A", "192.0.2.1")] },
      { kind: "answer" },
    ],
    [
      "is the records behind an alias",
      { answers: [record("www.lab.example.", "A", "192.0.2.1"), alias] },
      { kind: "answer", records: [{ data: "192.0.2.1" }] },
    ],
    [
      "is to ask for the alias",
      { answers: [alias] },
      { kind: "alias", target: "www.lab.example." },
    ],
    [
      "is to ask a server nearer to the name",
      { authority: [ns], additional: [glue] },
      { kind: "referral", zone: "lab.example.", servers: ["ns.lab.example."], addresses: [glue] },
    ],
    [
      "ignores an address that was not asked for",
      { authority: [ns], additional: [record("bank.", "A", "192.0.2.66")] },
      { kind: "referral", addresses: [] },
    ],
    ["is none for a name that is missing", { rcode: "NXDOMAIN" }, { kind: "no name" }],
    [
      "is none where the type is missing",
      { authority: [record("lab.example.", "SOA", "a. b. 1 2 3 4 5")] },
      { kind: "no data" },
    ],
    ["is none after a failure", { rcode: "REFUSED" }, { kind: "failure", rcode: "REFUSED" }],
    [
      "is none after a referral that leads away",
      { authority: [record("bank.", "NS", "ns.bank.")] },
      { kind: "failure", rcode: "LAME" },
    ],
    [
      "is none after a referral that leads back",
      { authority: [record("example.", "NS", "ns.")] },
      { kind: "failure", rcode: "LAME" },
    ],
    [
      "is none where records are about another name",
      { answers: [record("bank.", "A", "192.0.2.66")] },
      { kind: "no data" },
    ],
  ])("%s", (_, changes, step) => {
    expect(nextStep(asked, message({ response: true, ...changes }), "example.")).toMatchObject(
      step,
    );
  });

  test("of aliases in a circle ends", () => {
    const back = record("www.lab.example.", "CNAME", "core.lab.example.");
    expect(nextStep(asked, message({ answers: [alias, back] }))).toMatchObject({ kind: "no data" });
  });
});
