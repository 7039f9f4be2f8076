/** How the server answers: cut to size over UDP, in frames over TCP. */
import { FrameReader, frame } from "../../../../dns/framing";
import { connect } from "../../../../sockets/tcp";
import type { Step, StepContext } from "../../judging/judge";
import { FRAMES, SIZE } from "./hints";
import { described, ServerCheck } from "./server-check";

const ANSWER_MAX_MS = 3_000;
const LONG_RECORDS = 5;

async function cutsToSize(context: StepContext): Promise<void> {
  const server = await ServerCheck.start(context);
  const name = `long.${server.zone.name}`;
  const cut = await server.ask(name, "TXT");
  if (!cut.truncated) {
    const what =
      "Expected the TC bit on an answer of more than 512 bytes to a query without EDNS, and it is not set.";
    throw server.failure({ what, hints: SIZE });
  }
  const edns = { udpSize: 1232, version: 0, dnssecOk: false, options: [] };
  const whole = await server.ask(name, "TXT", { edns });
  if (!whole.truncated && whole.answers.length === LONG_RECORDS) return;
  const what = `Expected ${LONG_RECORDS} records for a client that takes 1232 bytes, and got ${whole.answers.length}.`;
  throw server.failure({ what, hints: SIZE });
}

async function answersOverTcp(context: StepContext): Promise<void> {
  const server = await ServerCheck.start(context);
  const { zone, transcript } = server;
  const queries = [
    server.query(zone.host),
    server.query(`www.${zone.name}`),
    server.query(zone.host),
  ];
  const timeout = context.limit(ANSWER_MAX_MS);
  const socket = await connect({ ...server.address, timeout }).catch(() => {
    throw server.failure({
      what: "Expected a TCP server on the same port, and none is there.",
      hints: FRAMES,
    });
  });
  context.after(() => socket.close());
  const frames = new FrameReader();
  const answers: Buffer[] = [];
  const stream = Buffer.concat(queries.map(frame));
  for (const query of queries) transcript.sent(described(query));
  // A connection that is closed already shows in the next recv.
  for (const piece of [stream.subarray(0, 5), stream.subarray(5)]) {
    await socket.send(piece).catch(() => context.signal.throwIfAborted());
  }
  while (answers.length < queries.length) {
    const chunk = await socket.recv(65_535, { timeout }).catch(() => Buffer.alloc(0));
    context.signal.throwIfAborted();
    if (chunk.length === 0) {
      const what = `Expected ${queries.length} answers on one connection, and got ${answers.length}.`;
      throw server.failure({ what, hints: FRAMES });
    }
    answers.push(...frames.push(chunk));
  }
  for (const answer of answers) transcript.received(described(answer));
  queries.forEach((query, i) => {
    const records = i === 1 ? [`CNAME ${zone.host}.`, `A ${zone.ipv4}`] : [`A ${zone.ipv4}`];
    const answer = answers[i] ?? Buffer.alloc(0);
    server.expect(server.answerTo(query, answer), "NOERROR", records, { hints: FRAMES });
  });
}

export const TRANSPORT_STEPS: readonly Step[] = [
  {
    name: "cuts an answer short for UDP, unless the client takes more",
    edit: "dns_serve_udp",
    hints: SIZE,
    run: cutsToSize,
  },
  {
    name: "answers several questions on one TCP connection",
    edit: "dns_serve_tcp",
    hints: FRAMES,
    run: answersOverTcp,
  },
];
