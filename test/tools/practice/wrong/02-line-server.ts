/** Line servers and clients that are nearly right. */
import { program } from "../../../../src/program/program";
import { formatEndpoint } from "../../../../src/sockets/endpoint";
import { connect, listen, type TcpSocket } from "../../../../src/sockets/tcp";
import type { Wrong } from "../support/wrong";

/** Cuts a stream into lines, in one of several wrong ways if told. */
async function* cut(socket: TcpSocket, fault = ""): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const piece of socket) {
    const text = fault === "bytes" ? String(piece) : decoder.decode(piece, { stream: true });
    if (fault === "recv") {
      yield text.replace(/\n$/, "");
      continue;
    }
    const parts = ((fault === "rest" ? "" : rest) + text).split("\n");
    rest = parts.pop() ?? "";
    yield* parts;
  }
  if (fault === "unended" && rest !== "") yield rest;
}

/** @param everybodys counts the lines of all clients */
const servers: Readonly<
  Record<string, (client: TcpSocket, everybodys: () => number) => Promise<void>>
> = {
  silent: async (client) => void (await client.recv(1024)),
  same: async (client) => {
    for await (const _ of cut(client)) await client.send("1: hello\n");
  },
  once: async (client) => {
    for await (const line of cut(client)) return client.send(`1: ${line}\n`);
  },
  global: async (client, everybodys) => {
    for await (const line of cut(client)) await client.send(`${everybodys()}: ${line}\n`);
  },
};

function lineServer(how: string, { inTurn = false, fragile = false, open = false } = {}) {
  const connection = async (client: TcpSocket, everybodys: () => number) => {
    if (servers[how]) return servers[how](client, everybodys);
    let number = 0;
    for await (const line of cut(client, how)) {
      number += 1;
      await client.send(`${number}: ${line}\n`);
    }
  };
  return program({
    name: "line_server",
    about: "Is wrong.",
    port: 8080,
    async run({ host, port, signal, print }) {
      let lines = 0;
      const server = await listen({ host, port, signal });
      print(`listening on ${formatEndpoint(server.local)}`);
      let failed: (error: unknown) => void = () => {};
      const failure = new Promise<void>((_resolve, reject) => {
        failed = reject;
      });
      const serving = async () => {
        for await (const client of server) {
          const talking = connection(client, () => ++lines)
            .then(() => (open ? undefined : client.close()))
            .catch((error: unknown) => (fragile ? failed(error) : undefined));
          if (inTurn) await talking;
        }
      };
      await Promise.race([serving(), failure]);
    },
  });
}

function lineClient(fault: string) {
  return program({
    name: "line_client",
    kind: "client",
    about: "Is wrong.",
    port: 8080,
    positionals: [{ name: "line", description: "what to send", rest: true }],
    async run({ host, port, signal, positionals, print }) {
      const server = await connect({ host, port, signal });
      const answers = cut(server, fault);
      for (const question of positionals) {
        await server.send(fault === "no line end" ? question : `${question}\n`);
        const { value, done } = await answers.next();
        if (done) return;
        print(fault === "own words" ? question : value);
      }
      if (fault === "waits") for await (const _ of answers);
      await server.close();
    },
  });
}

const server = (fault: string, step: string, main: ReturnType<typeof lineServer>): Wrong => ({
  fault,
  step,
  programs: { line_server: main },
});
const client = (fault: string, step: string, how: string): Wrong => ({
  fault: `a client that ${fault}`,
  step: `as a client, ${step}`,
  programs: { line_client: lineClient(how) },
});

const pieces = "puts a line together that comes in pieces";
const unended = "takes a last line without its end for none, and closes when the client has ended";

export const wrongLinePrograms: readonly Wrong[] = [
  server("says nothing", "answers a line with its number", lineServer("silent")),
  server("answers the same to everything", "answers a line with its number", lineServer("same")),
  server("counts for all", "begins at 1 again with the next client", lineServer("global")),
  server("answers once", "keeps the connection open, and counts on", lineServer("once")),
  server(
    "takes a recv for a line",
    "answers each of several lines that come in one packet, an empty one too",
    lineServer("recv"),
  ),
  server("forgets the beginning of a line", pieces, lineServer("rest")),
  server(
    "decodes piece by piece",
    "puts a character together that comes in pieces",
    lineServer("bytes"),
  ),
  server("answers half a line", unended, lineServer("unended")),
  server("never closes", unended, lineServer("", { open: true })),
  server(
    "serves in turn",
    "serves the others while some clients say nothing",
    lineServer("", { inTurn: true }),
  ),
  server(
    "ends with its first failed client",
    "goes on after a client that leaves abruptly",
    lineServer("", { fragile: true }),
  ),
  client(
    "sends no line ends",
    "sends the lines that it is given, each with its line end",
    "no line end",
  ),
  client("prints what it sends", "prints the answer to each line", "own words"),
  client(
    "waits for the server to close",
    "ends with 0 when all is answered, though the server keeps the connection",
    "waits",
  ),
  client(
    "takes a recv for an answer",
    "prints each of several answers that come in one packet",
    "recv",
  ),
  client("decodes piece by piece", "puts an answer together that comes in pieces", "bytes"),
  client(
    "takes an early end for success",
    "ends with 1 and a plain line when the server closes too soon",
    "",
  ),
];
