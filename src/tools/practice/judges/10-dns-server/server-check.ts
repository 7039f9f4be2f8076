/** A name server under judgement with a zone of its own, and questions to it. */
import { randomInt } from "node:crypto";
import path from "node:path";
import { decodeMessage } from "../../../../dns/decode";
import { DnsError } from "../../../../dns/dns-error";
import { encodeMessage } from "../../../../dns/encode";
import { makeQuery } from "../../../../dns/exchange";
import type { Message } from "../../../../dns/message";
import { messageText } from "../../../../dns/text";
import { formatEndpoint } from "../../../../sockets/endpoint";
import { bind, type UdpSocket } from "../../../../sockets/udp";
import type { Address, StepContext } from "../../judging/judge";
import { StepFailure, type StepFailureFields } from "../../judging/step-failure";
import { Transcript } from "../../judging/transcript";
import { REPLY } from "./hints";
import { makeZone, type TestZone } from "./zone";

export const SERVER = "dns_server";
/** How long an answer may take. */
const ANSWER_MAX_MS = 3_000;
/** How long the judge listens for an answer that must not come. */
const SILENCE_MS = 300;

/** What a query can have that is not usual. */
export type QueryChanges = Partial<Message>;

export class ServerCheck {
  readonly transcript = new Transcript();
  #last = "";

  private constructor(
    readonly address: Address,
    readonly zone: TestZone,
    private readonly socket: UdpSocket,
    private readonly context: StepContext,
    private readonly upstream: Address | undefined,
  ) {}

  /** Starts the server with a new zone. */
  static async start(context: StepContext, upstream?: Address): Promise<ServerCheck> {
    const zone = await makeZone(context);
    const more = upstream ? ["--upstream", formatEndpoint(upstream)] : [];
    const args = ["--port", "0", "--zone", zone.file, ...more];
    const { address } = await context.start(SERVER, args);
    const socket = await bind({ port: 0 });
    context.after(() => socket.close());
    return new ServerCheck(address, zone, socket, context, upstream);
  }

  /** The bytes of a query for a name, with an id that no program knows. */
  query(name: string, type = "A", changes: QueryChanges = {}): Buffer {
    this.#last = `${name} --type ${type}`;
    const id = randomInt(0x1_0000);
    return encodeMessage({ ...makeQuery(id, name, type, { edns: undefined }), ...changes });
  }

  /** Asks over UDP. @throws StepFailure when no DNS message comes, or one with another id or question */
  async ask(name: string, type = "A", changes: QueryChanges = {}): Promise<Message> {
    const bytes = this.query(name, type, changes);
    const data = await this.send(bytes);
    if (data === undefined) {
      throw this.failure({ what: `Expected an answer about ${name}, and got none.`, hints: REPLY });
    }
    return this.answerTo(bytes, data);
  }

  /** Sends a datagram; the bytes that come back, or undefined. */
  async send(bytes: Buffer, { silence = false } = {}): Promise<Buffer | undefined> {
    this.transcript.sent(described(bytes));
    await this.socket.sendto(bytes, this.address);
    const timeout = silence ? SILENCE_MS : this.context.limit(ANSWER_MAX_MS);
    try {
      const { data } = await this.socket.recvfrom(undefined, { timeout });
      this.transcript.received(described(data));
      return data;
    } catch {
      this.context.signal.throwIfAborted();
      this.transcript.note(`no datagram within ${timeout / 1000} s`);
      return undefined;
    }
  }

  /** Reads an answer, and holds id, QR and question against the query. */
  answerTo(queryBytes: Buffer, data: Buffer): Message {
    const query = decodeMessage(queryBytes);
    const answer = decoded(data);
    if (typeof answer === "string") {
      throw this.failure({
        what: `Expected a DNS message, and got one in which ${answer}.`,
        hints: REPLY,
      });
    }
    const wrong = [
      answer.id !== query.id && `the id ${query.id}, and got ${answer.id}`,
      !answer.response && "the QR bit of an answer, and got a query",
      JSON.stringify(answer.questions) !== JSON.stringify(query.questions) &&
        "the question in the answer as it was asked, and got another or none",
    ].find((one) => one !== false);
    if (wrong) throw this.failure({ what: `Expected ${wrong}.`, hints: REPLY });
    return answer;
  }

  /** Expects a response code and records, `TYPE data` in any order. */
  expect(
    answer: Message,
    rcode: string,
    records: readonly string[],
    fields: Omit<StepFailureFields, "what">,
  ): void {
    const got = answer.answers.map(({ type, data }) => `${type} ${data}`);
    const isSame =
      answer.rcode === rcode && [...got].sort().join("\n") === [...records].sort().join("\n");
    if (isSame) return;
    const list = (all: readonly string[]) => (all.length === 0 ? "no records" : all.join(", "));
    const what = `Expected ${rcode} with ${list(records)}, and got ${answer.rcode} with ${list(got)}.`;
    throw this.failure({ ...fields, what });
  }

  /** A failure that shows the zone and the messages, and how to ask the last question again. */
  failure(fields: StepFailureFields): StepFailure {
    const file = path.basename(this.zone.file);
    const upstream = this.upstream ? ["--upstream", formatEndpoint(this.upstream)] : [];
    const start = this.context.commandFor(SERVER, ["--port", "5300", "--zone", file, ...upstream]);
    const lines = this.zone.lines.map((line) => `'${line}'`).join(" ");
    return new StepFailure({
      transcript: String(this.transcript),
      replay:
        `printf '%s\\n' ${lines} > ${file}; ${start} & sleep 2; ` +
        `npm run program -- dns_lookup ${this.#last}; kill $!`,
      ...fields,
    });
  }
}

function decoded(bytes: Buffer): Message | string {
  try {
    return decodeMessage(bytes);
  } catch (error) {
    if (error instanceof DnsError) return error.message;
    throw error;
  }
}

/** A message as dig shows it; bytes that are none, in hexadecimal. */
export function described(bytes: Buffer): string {
  const message = decoded(bytes);
  return typeof message === "string"
    ? `${bytes.toString("hex")} (${message})`
    : messageText(message);
}
