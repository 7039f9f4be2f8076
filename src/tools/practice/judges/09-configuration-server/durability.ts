/** What was acknowledged is kept: also when the server is killed in the middle of a write. */

import { until } from "../../../../lab/until";
import { endWithin } from "../../judging/end-within";
import type { Address, Step, StepContext } from "../../judging/judge";
import { StepFailure } from "../../judging/step-failure";
import { ENDED, LOST_VERSIONS, SECOND_SERVER, TORN } from "./hints";
import { pathOf, send, wrong } from "./requests";
import { textsOf } from "./sharing";
import { onStore, SERVER, temporaryFolder } from "./stores";

const ROUNDS = 2;
const WRITERS = 4;
/** Acknowledged writes before the kill. */
const WRITES = 16;
const WRITES_WITHIN_MS = 20_000;
/** Three starts, and a machine that may have other things to do. */
const KILLS_MAX_MS = 90_000;

interface Acknowledged {
  readonly device: string;
  readonly text: string;
}

/** Writes until the server is killed. @returns what it acknowledged, and all that was ever sent */
async function siege(context: StepContext, args: readonly string[], round: number) {
  const server = await context.start(SERVER, args);
  const acknowledged: Acknowledged[] = [];
  const sent = new Set<string>();
  let failure: unknown;
  let isKilled = false;
  const writer = async (number: number): Promise<void> => {
    const device = `router-${number % 2}`;
    for (let i = 0; !isKilled; i++) {
      const text = `! round ${round}, writer ${number}, text ${i} ${context.randomWord()}\n`.repeat(
        100,
      );
      sent.add(text);
      try {
        const { status } = await send(
          context,
          "PUT",
          pathOf(device),
          { body: text },
          server.address,
        );
        if (status === 201 || status === 204) acknowledged.push({ device, text });
        else isKilled = true; // it answers, but does not keep: what there is has to be enough
      } catch (error) {
        if (!isKilled) failure = error;
        return;
      }
    }
  };
  const writers = Array.from({ length: WRITERS }, (_, number) => writer(number));
  const enough = () => acknowledged.length >= WRITES || failure !== undefined || isKilled;
  await until(enough, WRITES_WITHIN_MS).catch(() => undefined);
  isKilled = true;
  server.kill("SIGKILL");
  await Promise.all([server.ended(), ...writers]);
  if (failure !== undefined) throw failure;
  if (acknowledged.length < WRITES) {
    throw new StepFailure({
      what: `Expected ${WRITES} writes of ${WRITERS} clients to be acknowledged, and ${acknowledged.length} were.`,
      hints: ENDED,
    });
  }
  return { acknowledged, sent };
}

async function expectKept(
  context: StepContext,
  address: Address,
  all: readonly Acknowledged[],
  sent: ReadonlySet<string>,
) {
  for (const device of new Set(all.map((one) => one.device))) {
    const ask = (path: string) => send(context, "GET", path, {}, address);
    const { texts, list } = await textsOf(device, ask, LOST_VERSIONS);
    const wanted = all.filter((one) => one.device === device);
    const lost = wanted.filter(({ text }) => !texts.includes(text)).length;
    if (lost > 0) {
      const what = `Expected ${wanted.length} acknowledged versions of ${device} after kill -9 and another start, and ${lost} are lost.`;
      throw wrong(list, what, LOST_VERSIONS);
    }
    const torn = texts.filter((text) => !sent.has(text));
    if (torn.length > 0) {
      const what = `Expected only texts that were put, and there is one of ${torn[0]?.length} characters that nobody has put.`;
      throw wrong(list, what, TORN);
    }
  }
}

export const DURABILITY: readonly Step[] = [
  {
    name: "has after kill -9 everything that it acknowledged",
    edit: "config_changes",
    local: true,
    maxMs: KILLS_MAX_MS,
    async run(context) {
      const args = onStore(await temporaryFolder(context));
      const all: Acknowledged[] = [];
      const sent = new Set<string>();
      for (let round = 0; round < ROUNDS; round++) {
        const one = await siege(context, args, round);
        all.push(...one.acknowledged);
        for (const text of one.sent) sent.add(text);
      }
      const { address } = await context.start(SERVER, args);
      await expectKept(context, address, all, sent);
    },
  },
  {
    name: "lets no second server at its store",
    edit: "config_server",
    local: true,
    further: true,
    async run(context) {
      const args = onStore(await temporaryFolder(context));
      await context.start(SERVER, args);
      const second = await context.run(SERVER, args);
      const end = await endWithin(second, WRITES_WITHIN_MS, context.signal);
      if (end?.status === 1 && second.stderr() !== "") return;
      const came = end === undefined ? "it runs" : `it ended with exit status ${end.status}`;
      throw new StepFailure({
        what: `Expected a second server on the same store to say so and to end with exit status 1, and ${came}.`,
        transcript: `| ${second.stdout()}! ${second.stderr()}`,
        hints: SECOND_SERVER,
      });
    },
  },
];
