/** Name servers and lookups that are nearly right: the lab's own, with one fault each. */
import { answering, readZone } from "../../../../dist/dns_answering";
import { bindBoth } from "../../../../dist/dns_bind";
import type { Decision } from "../../../../dist/dns_decide";
import { Forwarder } from "../../../../dist/dns_forward";
import { serveTcp } from "../../../../dist/dns_serve_tcp";
import { type Answering, serveUdp } from "../../../../dist/dns_serve_udp";
import { decodeMessage } from "../../../../src/dns/decode";
import { encodeMessage } from "../../../../src/dns/encode";
import { makeQuery } from "../../../../src/dns/exchange";
import { frame } from "../../../../src/dns/framing";
import { parseServer } from "../../../../src/dns/server-address";
import { ProgramError, program } from "../../../../src/program/program";
import { formatEndpoint } from "../../../../src/sockets/endpoint";
import type { TcpServer } from "../../../../src/sockets/tcp";
import { udpSocket } from "../../../../src/sockets/udp";
import type { Wrong } from "../support/wrong";

type Change = (decision: Decision, bytes: Buffer) => Decision | undefined;

interface Fault {
  /** What it makes of a message before it decides. */
  readonly before?: (bytes: Buffer) => Buffer;
  /** What it makes of the decision. */
  readonly after?: Change;
  /** Makes the forwarder for one question, out of the right one. */
  readonly forwarder?: (right: Forwarder, make: () => Forwarder) => Forwarder | undefined;
  /** In place of the right forwarder. */
  readonly Forwarder?: typeof Forwarder;
  readonly tcp?: (server: TcpServer, answer: Answering) => Promise<void>;
}

const change =
  (fields: (decision: Decision) => Partial<Decision["reply"]>): Change =>
  (decision) => ({ ...decision, reply: { ...decision.reply, ...fields(decision) } });

/** The bytes with a bit of the flags set or cleared. */
function withFlag(bytes: Buffer, bit: number, on: boolean): Buffer {
  const copy = Buffer.from(bytes);
  if (copy.length > 2) copy[2] = on ? copy[2] | bit : copy[2] & ~bit;
  return copy;
}

function server({ before, after, forwarder, Forwarder: Used = Forwarder, tcp = serveTcp }: Fault) {
  return program({
    name: "dns_server",
    about: "Is wrong.",
    port: 5300,
    options: { zone: { description: "" }, upstream: { description: "" } },
    async run({ host, port, signal, options, print }) {
      const zone = await readZone(options.zone ?? "");
      const upstream = parseServer(options.upstream ?? "");
      const make = () => new Used(upstream ?? { host, port: 1 }, signal);
      const right = make();
      const answer: Answering = async (bytes, from) => {
        const used = forwarder === undefined ? right : forwarder(right, make);
        const decision = await answering(zone, upstream && used)(before?.(bytes) ?? bytes, from);
        return decision && after ? after(decision, bytes) : decision;
      };
      const { udp, tcp: listening } = await bindBoth(host, port, signal);
      print(`listening on ${formatEndpoint(udp.local)}`);
      await Promise.all([serveUdp(udp, answer), tcp(listening, answer)]);
    },
  });
}

/** Answers one question on each connection, and then closes it. */
async function answerOnce(server: TcpServer, answer: Answering): Promise<void> {
  for await (const client of server) {
    void (async () => {
      const bytes = await client.recv(65_535, { timeout: 5_000 });
      const more = await client.recv(65_535, { timeout: 5_000 });
      const all = Buffer.concat([bytes, more]);
      const decision = await answer(all.subarray(2, 2 + all.readUInt16BE()), client.remote.host);
      if (decision !== undefined) await client.send(frame(encodeMessage(decision.reply)));
    })()
      .catch(() => undefined)
      .finally(() => client.close());
  }
}

async function closeAtOnce(server: TcpServer): Promise<void> {
  for await (const client of server) await client.close();
}

const typeOf = ({ reply }: Decision) => reply.questions[0]?.type;
const nameOf = ({ reply }: Decision) => reply.questions[0]?.name ?? "";

/** Never forgets what it has heard, and gives the TTL as it was. */
class Hoarder extends Forwarder {
  readonly #known = new Map<string, ReturnType<Forwarder["resolve"]>>();

  override resolve(question: Parameters<Forwarder["resolve"]>[0]) {
    const key = question.name.toLowerCase();
    const known = this.#known.get(key) ?? super.resolve(question);
    this.#known.set(key, known);
    return known;
  }
}

const SERVERS: readonly (readonly [fault: string, step: string, server: Fault])[] = [
  [
    "gives every answer the id 1",
    "answers with the address of a name from the zone file",
    { after: change(() => ({ id: 1 })) },
  ],
  [
    "leaves the question out",
    "answers with the address of a name from the zone file",
    { after: change(() => ({ questions: [] })) },
  ],
  [
    "does not say that it owns the zone",
    "answers with the address of a name from the zone file",
    { after: change(() => ({ authoritative: false })) },
  ],
  [
    "knows addresses only",
    "answers questions for other types",
    { after: change((one) => (typeOf(one) === "A" ? {} : { answers: [] })) },
  ],
  [
    "leaves an alias to its client",
    "follows an alias to its address",
    {
      after: change(({ reply }) =>
        reply.answers[0]?.type === "CNAME" ? { answers: reply.answers.slice(0, 1) } : {},
      ),
    },
  ],
  [
    "says NXDOMAIN for a missing type",
    "tells a missing name from a missing type, with the SOA record",
    {
      after: change(({ reply }) =>
        reply.answers.length === 0 && reply.rcode === "NOERROR" ? { rcode: "NXDOMAIN" } : {},
      ),
    },
  ],
  [
    "forgets the SOA record",
    "tells a missing name from a missing type, with the SOA record",
    { after: change(() => ({ authority: [] })) },
  ],
  [
    "knows names in lower case only",
    "finds a name in upper and lower case",
    {
      after: change((one) =>
        nameOf(one) === nameOf(one).toLowerCase() ? {} : { rcode: "NXDOMAIN", answers: [] },
      ),
    },
  ],
  [
    "answers the question in lower case",
    "finds a name in upper and lower case",
    {
      after: change(({ reply }) => ({
        questions: reply.questions.map((one) => ({ ...one, name: one.name.toLowerCase() })),
      })),
    },
  ],
  [
    "answers answers",
    "refuses what it cannot answer, and leaves answers alone",
    { before: (bytes) => withFlag(bytes, 0x80, false) },
  ],
  [
    "says nothing to what it cannot read",
    "refuses what it cannot answer, and leaves answers alone",
    { after: (one) => (one.reply.rcode === "FORMERR" ? undefined : one) },
  ],
  [
    "does whatever the opcode says",
    "refuses what it cannot answer, and leaves answers alone",
    { before: (bytes) => withFlag(bytes, 0x78, false) },
  ],
  [
    "sends long answers whole",
    "cuts an answer short for UDP, unless the client takes more",
    { after: (one) => ({ ...one, maxBytes: 65_535 }) },
  ],
  [
    "cuts every answer at 512 bytes",
    "cuts an answer short for UDP, unless the client takes more",
    { after: (one) => ({ ...one, maxBytes: 512 }) },
  ],
  [
    "closes every connection",
    "answers several questions on one TCP connection",
    { tcp: closeAtOnce },
  ],
  [
    "answers one question a connection",
    "answers several questions on one TCP connection",
    { tcp: answerOnce },
  ],
  [
    "asks no other server",
    "asks the upstream server for other names, when the client wants it",
    { forwarder: () => undefined },
  ],
  [
    "asks for clients that do not want it",
    "asks the upstream server for other names, when the client wants it",
    { before: (bytes) => withFlag(bytes, 0x01, true) },
  ],
  [
    "hides that it asks others",
    "asks the upstream server for other names, when the client wants it",
    { after: change(() => ({ recursionAvailable: false })) },
  ],
  ["has no cache", "remembers an answer until its TTL is over", { forwarder: (_, make) => make() }],
  ["never forgets", "remembers an answer until its TTL is over", { Forwarder: Hoarder }],
];

interface LookupFault {
  readonly type?: string;
  readonly recursion?: boolean;
  readonly all?: boolean;
  readonly believes?: "any" | "queries";
  readonly ignoresErrors?: boolean;
}

function lookup({
  type = "A",
  recursion = true,
  all = true,
  believes,
  ignoresErrors,
}: LookupFault) {
  return program({
    name: "dns_by_hand",
    kind: "client",
    about: "Is wrong.",
    port: 5300,
    positionals: [{ name: "name", description: "", required: true }],
    async run({ host, port, signal, positionals: [name = ""], print }) {
      const socket = udpSocket();
      signal.addEventListener("abort", () => void socket.close());
      await socket.connect({ host, port });
      const query = makeQuery(4711, name, type, { edns: undefined, recursionDesired: recursion });
      await socket.send(encodeMessage(query));
      for (;;) {
        const { data } = await socket.recvfrom(512, { timeout: 3_000 });
        try {
          const answer = decodeMessage(data);
          const isOurs = believes === "any" || answer.id === query.id;
          if (!isOurs || (believes !== "queries" && !answer.response)) continue;
          const addresses = answer.answers.filter((one) => one.type === "A");
          for (const one of all ? addresses : addresses.slice(0, 1)) print(one.data);
          return;
        } catch {
          if (ignoresErrors) return;
          if (data.length > 12) throw new ProgramError("the answer cannot be read");
        }
      }
    },
  });
}

const LOOKUPS: readonly (readonly [fault: string, step: string, lookup: LookupFault])[] = [
  ["asks for another type", "sends a question, byte by byte", { type: "AAAA" }],
  ["does not ask for recursion", "sends a question, byte by byte", { recursion: false }],
  [
    "prints the first address only",
    "reads the addresses in an answer, through pointers and an alias",
    { all: false },
  ],
  [
    "takes a broken answer for none",
    "ends with an error at a pointer that leads to itself",
    { ignoresErrors: true },
  ],
  ["believes any id", "believes no datagram but the answer", { believes: "any" }],
  ["believes a query", "believes no datagram but the answer", { believes: "queries" }],
];

export const wrongDnsPrograms: readonly Wrong[] = [
  ...SERVERS.map(([fault, step, one]) => ({ fault, step, programs: { dns_server: server(one) } })),
  ...LOOKUPS.map(([fault, step, one]) => ({ fault, step, programs: { dns_by_hand: lookup(one) } })),
];
