/** What the server asks another one for, and how long it remembers the answer. */
import type { Step, StepContext } from "../../judging/judge";
import { FORWARD, REMEMBER } from "./hints";
import { ServerCheck } from "./server-check";
import { addressesFor, TestNameServer } from "./test-name-server";

const FORGET_MAX_MS = 6_000;
const POLL_MS = 100;
const LONG_TTL_SECONDS = 60;

/** Answers with another address each time, and for names that begin with `brief` with a TTL of a second. */
function startUpstream(context: StepContext): Promise<TestNameServer> {
  let count = 0;
  return TestNameServer.start(context, (query, { from }, socket) => {
    const ttl = query.questions[0]?.name.startsWith("brief") ? 1 : LONG_TTL_SECONDS;
    count += 1;
    return socket.sendto(addressesFor(query, [`198.51.100.${count}`], { ttl }), from);
  });
}

async function forwards(context: StepContext): Promise<void> {
  const upstream = await startUpstream(context);
  const server = await ServerCheck.start(context, upstream.address);
  const name = `${context.randomWord()}.test`;
  const unasked = await server.ask(name, "A", { recursionDesired: false });
  if (upstream.queries.length > 0 || unasked.answers.length > 0) {
    const what =
      "Expected no question to the upstream server for a client without RD, and one was asked.";
    throw server.failure({ what, hints: FORWARD });
  }
  const answer = await server.ask(name);
  server.expect(answer, "NOERROR", ["A 198.51.100.1"], { hints: FORWARD });
  if (!answer.recursionAvailable) {
    throw server.failure({
      what: "Expected the RA bit from a server that asks others, and it is not set.",
      hints: FORWARD,
    });
  }
  server.expect(await server.ask(server.zone.host), "NOERROR", [`A ${server.zone.ipv4}`], {
    hints: FORWARD,
  });
}

async function remembers(context: StepContext): Promise<void> {
  const upstream = await startUpstream(context);
  const server = await ServerCheck.start(context, upstream.address);
  const [kept, brief] = [`${context.randomWord()}.test`, `brief-${context.randomWord()}.test`];
  await server.ask(kept);
  server.expect(await server.ask(kept.toUpperCase()), "NOERROR", ["A 198.51.100.1"], {
    hints: REMEMBER,
  });
  const first = await server.ask(brief);
  const isNew = async () => (await server.ask(brief)).answers[0]?.data !== first.answers[0]?.data;
  for (const end = performance.now() + context.limit(FORGET_MAX_MS); !(await isNew()); ) {
    if (performance.now() > end) {
      throw server.failure({
        what: "Expected the server to ask again after the TTL of a second, and it did not.",
        hints: REMEMBER,
      });
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  const old = await server.ask(kept);
  server.expect(old, "NOERROR", ["A 198.51.100.1"], { hints: REMEMBER });
  const ttl = old.answers[0]?.ttl ?? 0;
  if (ttl < LONG_TTL_SECONDS) return;
  throw server.failure({
    what: `Expected a TTL that has grown smaller than ${LONG_TTL_SECONDS}, and got ${ttl}.`,
    hints: REMEMBER,
  });
}

export const FORWARD_STEPS: readonly Step[] = [
  {
    name: "asks the upstream server for other names, when the client wants it",
    edit: "dns_forward",
    hints: FORWARD,
    run: forwards,
  },
  {
    name: "remembers an answer until its TTL is over",
    edit: "dns_forward",
    hints: REMEMBER,
    run: remembers,
  },
];
