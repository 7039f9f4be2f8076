/** Part 1: a server that tells callers the four values of their connection, over TCP and UDP. */
import { unsharedAddress } from "../../../../lab/own-address";
import { formatEndpoint } from "../../../../sockets/endpoint";
import type { Address, Bench, Hints, Judge, Step } from "../../judging/judge";
import { LineTalk } from "../../peers/line-connection";
import { UdpTalk } from "../../peers/udp-exchange";

const ENDPOINTS = "endpoints";

const FORM: Hints = [
  "The line has four values in it: two addresses, two ports.",
  "The accepted socket knows both ends: `local` is the server's, `remote` is the caller's.",
  '`"source " + formatEndpoint(caller.remote) + " destination " + formatEndpoint(caller.local)`, and a line end',
];
const SWAPPED: Hints = [
  "The values are right, and they stand the wrong way round. Who is told, and who tells?",
  "What is remote for the server is the caller's own end, and so the caller's source.",
  "`fourValues(caller.remote, caller.local)`: the caller's end first",
];
const FIXED: Hints = [
  "The line does not fit this caller. Where do its values come from?",
  "Ask the socket of this very caller; no value is known beforehand, the address no more than the port.",
  "`caller.remote` has the `host` and the `port`; `formatEndpoint` writes both",
];

/** What is wrong with a line that should name these ends; undefined when it is right. */
function fault(line: string, source: string, destination: string, hints = FORM) {
  if (line.trim() === `source ${source} destination ${destination}`) return undefined;
  const swapped = line.trim() === `source ${destination} destination ${source}`;
  const formed = /^source \S+:\d+ destination \S+:\d+$/.test(line.trim());
  return swapped ? SWAPPED : formed ? FIXED : hints;
}

async function expectValues(talk: LineTalk, address: Address, hints?: Hints): Promise<void> {
  const line = await talk.line();
  const [source, destination] = [formatEndpoint(talk.local), formatEndpoint(address)];
  const wrong = line === undefined ? (hints ?? FORM) : fault(line, source, destination, hints);
  if (wrong === undefined) return;
  throw talk.failure({
    what: `Expected the line "source ${source} destination ${destination}", and got ${line === undefined ? talk.got : JSON.stringify(line)}.`,
    replay: `nc -w 2 ${address.host} ${address.port}`,
    hints: wrong,
  });
}

async function call(bench: Bench, hints?: Hints, from?: string): Promise<LineTalk> {
  const talk = await LineTalk.open(bench, hints ?? FORM, from);
  await expectValues(talk, await bench.server(), hints);
  return talk;
}

const AT_ONCE: Hints = [
  "The others are still connected. What does your server wait for before it accepts the next?",
  "Leave each caller to a function of its own, and do not await it in the loop that accepts.",
  "`for await (const caller of server) tell(caller).catch(() => caller.reset());`",
];
const STAY: Hints = [
  "The caller has not ended, and its connection is gone. Who has closed it?",
  "Receive until the caller ends: `recv` returns 0 bytes then, and not before.",
  "`while ((await caller.recv(1024)).length > 0);` before `close`",
];

const tcpSteps: readonly Step[] = [
  {
    name: "tells a caller the four values of its connection",
    edit: ENDPOINTS,
    async run(bench) {
      for (let i = 0; i < 2; i += 1) (await call(bench)).connection.close();
    },
  },
  {
    name: "tells a caller from another address that address",
    edit: ENDPOINTS,
    async run(bench) {
      const { host } = await bench.server();
      const from = host.startsWith("127.") ? await unsharedAddress() : undefined;
      await call(bench, FIXED, from);
    },
  },
  {
    name: "keeps the connection until the caller ends it, and then closes it too",
    edit: ENDPOINTS,
    async run(bench) {
      const talk = await call(bench);
      await talk.send("I am still here\n");
      const early = await talk.connection.until(
        (_received, ending) => (ending === "open" ? undefined : ending),
        300,
      );
      if (early !== undefined) {
        const what = "Expected the connection to stay open, and the server ended it.";
        throw talk.failure({ what, hints: STAY });
      }
      talk.connection.end();
      const more = await talk.line();
      if (more === undefined && talk.connection.ending === "closed") return;
      throw talk.failure({
        what: `Expected the end of the connection after the caller's own, and got ${more ?? talk.got}.`,
        hints: [
          "The caller has ended its side. Does your program notice, and what does it do then?",
          "0 bytes from `recv` mean that the other side has ended. Then it is your turn to close.",
          "`await caller.close();` when the loop that receives is over",
        ],
      });
    },
  },
  {
    name: "has ten callers at once, each with values of its own",
    edit: ENDPOINTS,
    async run(bench) {
      const address = await bench.server();
      const talks: LineTalk[] = [];
      for (let i = 0; i < 10; i += 1) talks.push(await LineTalk.open(bench, AT_ONCE));
      // The last to come is asked first, so that a server that serves in turn cannot pass by luck.
      for (const talk of talks.reverse()) await expectValues(talk, address, AT_ONCE);
      const gone = talks.find((talk) => talk.connection.ending !== "open");
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
    async run(bench) {
      for (let i = 0; i < 3; i += 1) (await call(bench)).connection.reset();
      const left: Hints = [
        "A caller has left with a reset. Is your server still there for the next?",
        "`recv` throws for the one who left. What nobody catches ends the program.",
        "`tell(caller).catch(() => caller.reset())`",
      ];
      await call(bench, left);
    },
  },
];

const udpSteps: readonly Step[] = [
  {
    name: "answers a datagram with where it came from, on the UDP port of the same number",
    edit: ENDPOINTS,
    async run(bench) {
      await expectDatagram(await UdpTalk.open(bench, await bench.server()), bench, bench.word());
    },
  },
  {
    name: "answers each of two senders in turns, and an empty datagram too",
    edit: ENDPOINTS,
    async run(bench) {
      const address = await bench.server();
      const talks = [await UdpTalk.open(bench, address), await UdpTalk.open(bench, address)];
      for (const text of [bench.word(), ""]) {
        for (const talk of talks) await expectDatagram(talk, bench, text);
      }
    },
  },
];

async function expectDatagram(talk: UdpTalk, bench: Bench, text: string): Promise<void> {
  const address = await bench.server();
  await talk.send(text);
  const answer = await talk.receive();
  const [source, destination] = [formatEndpoint(talk.local), formatEndpoint(address)];
  const hints: Hints = [
    "TCP and UDP number their ports separately: the same number is another port, and a socket of its own.",
    "Every datagram brings its sender's address along. The answer goes there, whatever was in it.",
    "`for await (const { from } of postbox) await postbox.sendto(fourValues(from, postbox.local), from)`",
  ];
  const wrong = answer === undefined ? hints : fault(answer, source, destination, hints);
  if (wrong === undefined) return;
  throw talk.failure({
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
