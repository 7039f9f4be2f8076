/** Web clients that nearly know where a response ends. */
import { program } from "../../../../src/program/program";
import { formatEndpoint } from "../../../../src/sockets/endpoint";
import { connect } from "../../../../src/sockets/tcp";
import type { Wrong } from "../support/wrong";

type Fault =
  | "asks to close"
  | "no host"
  | "waits"
  | "characters"
  | "one piece"
  | "case"
  | "more"
  | "zero"
  | "no length"
  | "short";

function client(fault: Fault) {
  return program({
    name: "http_length_client",
    kind: "client",
    about: "Is wrong.",
    port: 80,
    options: { path: { default: "/", description: "" } },
    async run({ host, port, options, signal, print, write }) {
      const socket = await connect({ host, port, signal });
      const close = fault === "asks to close" ? "Connection: close\r\n" : "";
      const name = fault === "no host" ? "" : `Host: ${formatEndpoint({ host, port })}\r\n`;
      await socket.send(`GET ${options.path} HTTP/1.1\r\n${name}${close}\r\n`);
      let text = "";
      const more = async () => {
        const piece = await socket.recv(65_536, { timeout: 4_000 });
        text += piece.toString("latin1");
        return piece.length > 0;
      };
      await more();
      while (fault !== "one piece" && !text.includes("\r\n\r\n") && (await more()));
      const start = text.indexOf("\r\n\r\n") + 4;
      const field = fault === "case" ? /^Content-Length: (\d+)/m : /^content-length:\s*(\d+)/im;
      const digits = field.exec(text.slice(0, start))?.[1];
      const length = fault === "waits" ? Number.NaN : Number(digits ?? Number.NaN);
      const open = Number.isNaN(length) || (fault === "zero" && length === 0);
      const size = () =>
        fault === "characters"
          ? Buffer.from(text.slice(start), "latin1").toString().length
          : text.length - start;
      if (fault === "no length" && open) text = text.slice(0, start);
      else while ((open || size() < length) && (await more()));
      if (fault !== "short" && size() < length) throw new Error("cut short");
      const end = open || fault === "more" ? undefined : start + length;
      const characters = Buffer.from(text.slice(start), "latin1").toString().slice(0, length);
      print("Status line\n");
      write(fault === "characters" ? characters : Buffer.from(text.slice(start, end), "latin1"));
      await socket.close();
    },
  });
}

const wrong = (fault: Fault, step: string, what: string): Wrong => ({
  fault: what,
  step,
  programs: { http_length_client: client(fault) },
});

const ASKS = "asks for the path that it is given, and does not ask the server to close";

export const wrongLengthClients: readonly Wrong[] = [
  wrong("asks to close", ASKS, "asks the server to close"),
  wrong("no host", ASKS, "does not say which host it means"),
  wrong(
    "waits",
    "stops where Content-Length says, though the server keeps the connection",
    "waits for the server",
  ),
  wrong("characters", "counts bytes and not characters", "counts characters"),
  wrong("one piece", "puts a response together that comes in pieces", "takes a recv for a head"),
  wrong("case", "finds the length however its field is written", "knows one spelling of the field"),
  wrong("more", "takes no byte more than the length says", "takes what it gets"),
  wrong("zero", "is done with the head when the length is 0", "takes a length of 0 for none"),
  wrong(
    "no length",
    "receives until the server closes when there is no length",
    "takes no length for 0",
  ),
  wrong(
    "short",
    "ends with 1 and a plain line when the server closes before the length is reached",
    "takes half a page for a page",
  ),
];
