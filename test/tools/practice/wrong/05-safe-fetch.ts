/** Clients that some failure of the network gets the better of. */
import { ProgramError, program } from "../../../../src/program/program";
import { SocketError, socketError } from "../../../../src/sockets/errors";
import { connect, type TcpSocket } from "../../../../src/sockets/tcp";
import type { Wrong } from "../support/wrong";

type Fault =
  | "waits"
  | "wants a length"
  | "one word"
  | "status 0"
  | "throws"
  | "host"
  | "patient"
  | "reset"
  | "empty"
  | "short"
  | "leaks";

const left: TcpSocket[] = [];

async function receive(
  socket: TcpSocket,
  timeout: number | undefined,
  fault: Fault,
): Promise<number> {
  let text = "";
  for (;;) {
    const piece = await socket.recv(65_536, { timeout });
    text += piece.toString("latin1");
    const start = text.indexOf("\r\n\r\n") + 4;
    const digits = /Content-Length: (\d+)/.exec(text)?.[1];
    const over = piece.length === 0;
    if (over && start < 4 && fault !== "empty")
      throw socketError("CLOSED_EARLY", "recv", socket.remote);
    if (over && fault === "wants a length" && digits === undefined) {
      throw socketError("CLOSED_EARLY", "recv", socket.remote);
    }
    const size = text.length - start;
    if (over && digits !== undefined && size < Number(digits) && fault !== "short") {
      throw socketError("CLOSED_EARLY", "recv", socket.remote);
    }
    if (over || (start >= 4 && size >= Number(digits) && fault !== "waits")) return size;
  }
}

function fetcher(fault: Fault) {
  return program({
    name: "safe_fetch",
    kind: "client",
    about: "Is wrong.",
    port: 8000,
    positionals: [{ name: "path", description: "", rest: true }],
    options: { timeout: { type: "integer", description: "", default: 5_000 } },
    async run({ host, port, signal, options, positionals, print }) {
      let failed = 0;
      for (const path of positionals) {
        let socket: TcpSocket | undefined;
        const timeout = fault === "patient" ? undefined : options.timeout;
        try {
          socket = await connect({ host, port, signal, timeout: options.timeout });
          await socket.send(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
          print(`${path} OK 200, ${await receive(socket, timeout, fault)} bytes`);
        } catch (error) {
          if (!(error instanceof SocketError)) throw error;
          if (fault === "throws") throw new TypeError("unexpected");
          failed += 1;
          const host = fault === "host" && error.code === "UNKNOWN_HOST" ? "REFUSED" : error.code;
          const code = fault === "reset" && error.code === "RESET" ? "CLOSED_EARLY" : host;
          print(`${path} ${fault === "one word" ? "FAILED" : code} ${error.message}`);
        }
        if (fault === "leaks" && socket) left.push(socket);
        else await socket?.close();
      }
      for (const socket of left.splice(0)) socket.reset();
      if (failed > 0 && fault !== "status 0") throw new ProgramError("some failed");
    },
  });
}

const wrong = (fault: Fault, step: string, what: string): Wrong => ({
  fault: what,
  step: step,
  programs: { safe_fetch: fetcher(fault) },
});

const REFUSED = "says REFUSED where nobody listens, and ends with 1";

export const wrongFetchers: readonly Wrong[] = [
  wrong(
    "waits",
    "says OK, the status line and the number of bytes of a whole page",
    "waits for the server to close",
  ),
  wrong(
    "wants a length",
    "takes a page without a length as whole when the server closes",
    "takes no page without a length",
  ),
  wrong("one word", REFUSED, "has one word for all failures"),
  wrong("status 0", REFUSED, "ends with 0 whatever happens"),
  wrong("throws", REFUSED, "ends in a stack trace"),
  wrong(
    "host",
    "says UNKNOWN_HOST for a name that nobody has",
    "takes an unknown host for a refusal",
  ),
  wrong("patient", "says TIMED_OUT of a server that says nothing", "waits for ever"),
  wrong("reset", "says RESET of a server that breaks off", "takes a reset for an end"),
  wrong(
    "empty",
    "says CLOSED_EARLY of a server that closes without an answer",
    "takes nothing for a page",
  ),
  wrong(
    "short",
    "says CLOSED_EARLY of a body that is shorter than its Content-Length",
    "takes half a page for a page",
  ),
  wrong(
    "leaks",
    "closes every connection before the next, and fetches on, whatever has happened",
    "closes only at its end",
  ),
];
