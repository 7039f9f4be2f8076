/** Servers that tell callers something else than who they are. */
import { program } from "../../../../src/program/program";
import { type Endpoint, formatEndpoint } from "../../../../src/sockets/endpoint";
import { listen, type TcpSocket } from "../../../../src/sockets/tcp";
import { bind } from "../../../../src/sockets/udp";
import type { Wrong } from "../support/wrong";

type Fault =
  | "swapped"
  | "port alone"
  | "always 127.0.0.1"
  | "leaves"
  | "stays for ever"
  | "in turn"
  | "fragile"
  | "no UDP"
  | "first sender"
  | "no empty";

function line(fault: Fault, accepted: Endpoint, server: Endpoint): string {
  const [source, destination] = [formatEndpoint(accepted), formatEndpoint(server)];
  if (fault === "swapped") return `source ${destination} destination ${source}\n`;
  if (fault === "port alone") return `source ${accepted.port} destination ${server.port}\n`;
  if (fault === "always 127.0.0.1")
    return `source 127.0.0.1:${accepted.port} destination ${destination}\n`;
  return `source ${source} destination ${destination}\n`;
}

function endpoints(fault: Fault) {
  return program({
    name: "endpoints",
    about: "Is wrong.",
    port: 8080,
    async run({ host, port, signal, print }) {
      const server = await listen({ host, port, signal });
      const udpPort = fault === "no UDP" ? 0 : server.local.port;
      const postbox = await bind({ host, port: udpPort, signal });
      print(`listening on ${formatEndpoint(server.local)}`);
      const tell = async (accepted: TcpSocket) => {
        await accepted.send(line(fault, accepted.remote, accepted.local));
        if (fault === "leaves") return accepted.close();
        while ((await accepted.recv(1024)).length > 0);
        if (fault !== "stays for ever") await accepted.close();
      };
      let failed: (error: unknown) => void = () => {};
      const failure = new Promise<void>((_resolve, reject) => {
        failed = reject;
      });
      const overTcp = async () => {
        for await (const accepted of server) {
          const telling = tell(accepted).catch(
            fault === "fragile" ? failed : () => accepted.reset(),
          );
          if (fault === "in turn") await telling;
        }
      };
      const overUdp = async () => {
        let first: Endpoint | undefined;
        for await (const { data, from } of postbox) {
          first ??= from;
          if (fault === "no empty" && data.length === 0) continue;
          const to = fault === "first sender" ? first : from;
          await postbox.sendto(line(fault, to, postbox.local), to);
        }
      };
      await Promise.race([failure, Promise.all([overTcp(), overUdp()])]);
    },
  });
}

const wrong = (fault: Fault, step: string, what: string): Wrong => ({
  fault: what,
  step,
  programs: { endpoints: endpoints(fault) },
});

const VALUES = "tells a caller the four values of its connection";
const STAYS = "keeps the connection until the caller ends it, and then closes it too";
const SENDERS = "answers each of two senders in turns, and an empty datagram too";

export const wrongEndpoints: readonly Wrong[] = [
  wrong("swapped", VALUES, "tells the values from its own side"),
  wrong("port alone", VALUES, "tells the ports and no addresses"),
  wrong(
    "always 127.0.0.1",
    "tells a caller from another address that address",
    "takes one address for granted",
  ),
  wrong("leaves", STAYS, "closes when it has told"),
  wrong("stays for ever", STAYS, "does not close when its caller ends"),
  wrong(
    "in turn",
    "has ten callers at once, each with values of its own",
    "tells one caller after the other",
  ),
  wrong(
    "fragile",
    "goes on after a caller that leaves abruptly",
    "ends with its first failed caller",
  ),
  wrong(
    "no UDP",
    "answers a datagram with where it came from, on the UDP port of the same number",
    "has no UDP port of this number",
  ),
  wrong("first sender", SENDERS, "answers everybody at the first sender's address"),
  wrong("no empty", SENDERS, "takes an empty datagram for none"),
];
