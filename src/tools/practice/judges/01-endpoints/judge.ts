/** Part 1: a server that tells callers the four values of their connection, over TCP and UDP. */

import { unsharedAddress } from "../../../../lab/own-address";
import { formatEndpoint } from "../../../../sockets/endpoint";
import type { Address, Judge, Step, StepContext } from "../../judging/judge";
import { repeatedAfterReset } from "../../judging/replay";
import type { Hints } from "../../judging/step-failure";
import { LineConnection } from "../../peers/line-connection";
import { UdpExchange } from "../../peers/udp-exchange";
import { ABRUPT, AT_ONCE, CLOSE, DATAGRAM, FIXED, FORM, STAY, SWAPPED } from "./hints";

const ENDPOINTS = "endpoints";

/** What is wrong with a line that should name these ends; undefined when it is right. */
function fault(line: string, source: string, destination: string, hints = FORM) {
  if (line.trim() === `source ${source} destination ${destination}`) return undefined;
  const swapped = line.trim() === `source ${destination} destination ${source}`;
  const formed = /^source \S+:\d+ destination \S+:\d+$/.test(line.trim());
  return swapped ? SWAPPED : formed ? FIXED : hints;
}

async function expectValues(
  connection: LineConnection,
  address: Address,
  hints?: Hints,
): Promise<void> {
  const line = await connection.line();
  const [source, destination] = [formatEndpoint(connection.local), formatEndpoint(address)];
  const wrong = line === undefined ? (hints ?? FORM) : fault(line, source, destination, hints);
  if (wrong === undefined) return;
  throw connection.failure({
    what: `Expected the line "source ${source} destination ${destination}", and got ${line === undefined ? connection.got : JSON.stringify(line)}.`,
    replay: `nc -w 2 ${address.host} ${address.port}`,
    hints: wrong,
  });
}

async function call(context: StepContext, hints?: Hints, from?: string): Promise<LineConnection> {
  const connection = await LineConnection.open(context, hints ?? FORM, from);
  await expectValues(connection, await context.server(), hints);
  return connection;
}

const tcpSteps: readonly Step[] = [
  {
    name: "tells a caller the four values of its connection",
    edit: ENDPOINTS,
    async run(context) {
      for (let i = 0; i < 2; i += 1) (await call(context)).tcp.close();
    },
  },
  {
    name: "tells a caller from another address that address",
    edit: ENDPOINTS,
    async run(context) {
      const { host } = await context.server();
      const from = host.startsWith("127.") ? await unsharedAddress() : undefined;
      await call(context, FIXED, from);
    },
  },
  {
    name: "keeps the connection until the caller ends it, and then closes it too",
    edit: ENDPOINTS,
    async run(context) {
      const connection = await call(context);
      await connection.send("I am still here\n");
      const early = await connection.tcp.until(
        (_received, ending) => (ending === "open" ? undefined : ending),
        300,
      );
      if (early !== undefined) {
        const what = "Expected the connection to stay open, and the server ended it.";
        throw connection.failure({ what, hints: STAY });
      }
      connection.tcp.end();
      const more = await connection.line();
      if (more === undefined && connection.tcp.ending === "closed") return;
      throw connection.failure({
        what: `Expected the end of the connection after the caller's own, and got ${more ?? connection.got}.`,
        hints: CLOSE,
      });
    },
  },
  {
    name: "has ten callers at once, each with values of its own",
    edit: ENDPOINTS,
    async run(context) {
      const address = await context.server();
      const connections: LineConnection[] = [];
      for (let i = 0; i < 10; i += 1) connections.push(await LineConnection.open(context, AT_ONCE));
      // The last to come is asked first, so that a server that serves in turn cannot pass by luck.
      for (const connection of connections.reverse())
        await expectValues(connection, address, AT_ONCE);
      const gone = connections.find((connection) => connection.tcp.ending !== "open");
      if (!gone) return;
      throw gone.failure({
        what: "Expected ten open connections, and one was ended.",
        hints: STAY,
      });
    },
  },
  {
    name: "goes on after a caller that leaves abruptly",
    edit: ENDPOINTS,
    run: (context) =>
      repeatedAfterReset(async (reset) => {
        for (let i = 0; i < 3; i += 1) {
          const { tcp } = await call(context, i === 0 ? undefined : ABRUPT);
          tcp.reset();
          reset(tcp);
        }
        await call(context, ABRUPT);
      }),
  },
];

const udpSteps: readonly Step[] = [
  {
    name: "answers a datagram with where it came from, on the UDP port of the same number",
    edit: ENDPOINTS,
    async run(context) {
      await expectDatagram(
        await UdpExchange.open(context, await context.server()),
        context,
        context.randomWord(),
      );
    },
  },
  {
    name: "answers each of two senders in turns, and an empty datagram too",
    edit: ENDPOINTS,
    async run(context) {
      const address = await context.server();
      const connections = [
        await UdpExchange.open(context, address),
        await UdpExchange.open(context, address),
      ];
      for (const text of [context.randomWord(), ""]) {
        for (const connection of connections) await expectDatagram(connection, context, text);
      }
    },
  },
];

async function expectDatagram(
  connection: UdpExchange,
  context: StepContext,
  text: string,
): Promise<void> {
  const address = await context.server();
  await connection.send(text);
  const answer = await connection.receive();
  const [source, destination] = [formatEndpoint(connection.local), formatEndpoint(address)];
  const hints: Hints = DATAGRAM;
  const wrong = answer === undefined ? hints : fault(answer, source, destination, hints);
  if (wrong === undefined) return;
  throw connection.failure({
    what: `Expected a datagram "source ${source} destination ${destination}", and got ${answer === undefined ? "none" : JSON.stringify(answer)}.`,
    hints: wrong,
  });
}

export const endpointsJudge: Judge = {
  part: "01",
  kind: "exercise",
  task: "a server that tells callers who they are",
  programs: [ENDPOINTS],
  remote: true,
  steps: [...tcpSteps, ...udpSteps],
};
