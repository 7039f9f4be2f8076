/** The three small exercises of Part 10, through `dns_by_hand`: write a question, read an answer, know an answer. */
import { encodeMessage } from "../../../../dns/encode";
import { responseTo } from "../../../../dns/exchange";
import type { Message } from "../../../../dns/message";
import { until } from "../../../../lab/until";
import type { Step, StepContext } from "../../judging/judge";
import { type Hints, StepFailure } from "../../judging/step-failure";
import { Transcript } from "../../judging/transcript";
import { ANSWER, BELIEVE, POINTER, QUESTION } from "./hints";
import { described } from "./server-check";
import { addressesFor, type OnQuery, TestNameServer } from "./test-name-server";

const PROGRAM = "dns_by_hand";
const QUERY_MAX_MS = 5_000;
const END_MAX_MS = 6_000;

interface Lookup {
  readonly name: string;
  readonly server: TestNameServer;
  /** The status and what was printed, once it has ended. */
  end(): Promise<{ status: number | null; stdout: string }>;
  fail(what: string, hints: Hints): StepFailure;
}

/** Runs the program against a server of the judge's, up to its first query. */
async function lookUp(context: StepContext, onQuery: OnQuery): Promise<Lookup> {
  const name = `${context.randomWord()}.${context.randomWord()}.example`;
  const transcript = new Transcript();
  const server = await TestNameServer.start(context, (query, datagram, socket) => {
    transcript.received(described(datagram.data));
    return onQuery(query, datagram, socket);
  });
  const args = [name, "--port", String(server.address.port)];
  const running = await context.run(PROGRAM, args);
  const fail = (what: string, hints: Hints) =>
    new StepFailure({
      what,
      hints,
      transcript: [String(transcript), running.stdout(), running.stderr()]
        .filter(Boolean)
        .join("\n"),
      replay: context.commandFor(PROGRAM, [name, "--port", "5300"]),
    });
  const ended = running.ended();
  const first = Promise.race([
    ended,
    until(() => server.queries.length > 0, context.limit(QUERY_MAX_MS)),
  ]);
  await first.catch(() => undefined);
  if (server.queries.length === 0) throw fail("Expected a query over UDP, and got none.", QUESTION);
  const end = async () => {
    const late = new Promise<undefined>((resolve) => {
      const timer = setTimeout(resolve, context.limit(END_MAX_MS), undefined);
      context.after(() => clearTimeout(timer));
    });
    const result = await Promise.race([ended, late]);
    if (result === undefined) throw fail("Expected the program to end, and it goes on.", POINTER);
    return { status: result.status, stdout: running.stdout() };
  };
  return { name, server, end, fail };
}

async function sendsQuestion(context: StepContext): Promise<void> {
  const lookup = await lookUp(context, (query, { from }, socket) =>
    socket.sendto(addressesFor(query, ["192.0.2.7"]), from),
  );
  const [query] = lookup.server.queries;
  if (query === undefined)
    throw lookup.fail("Expected a query that can be read, and got other bytes.", QUESTION);
  const [question] = query.questions;
  const wrong = [
    query.response && "a query, with the QR bit off",
    !query.recursionDesired && "the RD bit set",
    query.questions.length !== 1 && "one question",
    question?.name !== `${lookup.name}.` && `the name ${lookup.name}`,
    question?.type !== "A" && "type A",
    question?.class !== "IN" && "class IN",
  ].find((one) => one !== false);
  if (wrong) throw lookup.fail(`Expected ${wrong}, and got something else.`, QUESTION);
}

async function readsAddresses(context: StepContext): Promise<void> {
  const addresses = ["192.0.2.7", "198.51.100.20"];
  const withAlias = (query: Message) => {
    const name = query.questions[0]?.name ?? ".";
    const alias = { name, type: "CNAME", class: "IN", ttl: 60, data: `www.${name}` };
    const hosts = addresses.map((data) => ({
      name: `www.${name}`,
      type: "A",
      class: "IN",
      ttl: 60,
      data,
    }));
    return encodeMessage(responseTo(query, { answers: [alias, ...hosts] }));
  };
  const lookup = await lookUp(context, (query, { from }, socket) =>
    socket.sendto(withAlias(query), from),
  );
  const { status, stdout } = await lookup.end();
  if (status === 0 && stdout.trim().split(/\s+/).join() === addresses.join()) return;
  throw lookup.fail(
    `Expected ${addresses.join(" and ")}, one a line, and got ${JSON.stringify(stdout)}.`,
    ANSWER,
  );
}

async function believesItsOwn(context: StepContext): Promise<void> {
  const lookup = await lookUp(context, async (query, { from }, socket) => {
    await socket.sendto(addressesFor(query, ["192.0.2.66"], { id: query.id ^ 0x0101 }), from);
    await socket.sendto(addressesFor(query, ["192.0.2.67"], { response: false }), from);
    await socket.sendto("short", from);
    await socket.sendto(addressesFor(query, ["192.0.2.7"]), from);
  });
  const { status, stdout } = await lookup.end();
  if (status === 0 && stdout.trim() === "192.0.2.7") return;
  throw lookup.fail(
    `Expected the address of the true answer, 192.0.2.7, and got ${JSON.stringify(stdout)}.`,
    BELIEVE,
  );
}

async function survivesLoop(context: StepContext): Promise<void> {
  const lookup = await lookUp(context, (query, { from }, socket) => {
    const bytes = addressesFor(query, ["192.0.2.7"]);
    const record = bytes.length - 16; // its name is the pointer to byte 12
    bytes.writeUInt16BE(0xc000 | record, record);
    return socket.sendto(bytes, from);
  });
  const { status, stdout } = await lookup.end();
  if (status !== 0 && stdout.trim() === "") return;
  throw lookup.fail(
    "Expected an error about a pointer that leads to itself, and got none.",
    POINTER,
  );
}

export const BY_HAND: readonly Step[] = [
  {
    name: "sends a question, byte by byte",
    edit: "query_bytes",
    copy: true,
    hints: QUESTION,
    run: sendsQuestion,
  },
  {
    name: "reads the addresses in an answer, through pointers and an alias",
    edit: "answer_bytes",
    copy: true,
    hints: ANSWER,
    run: readsAddresses,
  },
  {
    name: "ends with an error at a pointer that leads to itself",
    edit: "answer_bytes",
    copy: true,
    hints: POINTER,
    run: survivesLoop,
  },
  {
    name: "believes no datagram but the answer",
    edit: "dns_by_hand",
    copy: true,
    hints: BELIEVE,
    run: believesItsOwn,
  },
];
