/** What a scanner shows of the services that it finds: their own words, made harmless. */
import type { Socket } from "node:net";
import type { Step } from "../../judging/judge";
import type { Hints } from "../../judging/step-failure";
import { failure, find, patiently, replayOpen, scan } from "./scan";
import { scannedHost, serve } from "./servers";

/** For a service that speaks at once: only a busy machine needs more than a moment. */
const SPEAKS_MS = 5_000;
/** For one that waits to be asked; and when that was not enough. */
const WAITS_MS = [1_000, 5_000] as const;
/** The scanner waits for a service's words for a while only. */
const SILENT_LIMIT_MS = 8_000;
const BANNER_MAX_CHARACTERS = 200;

/** Characters that could move a cursor, retitle a window, or begin another line. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const DANGEROUS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

const NOT_HEARD: Hints = [
  "Many services say who they are as soon as somebody connects.",
  "Connect once more to each open port, and receive until the first line is complete, the other side ends, or the time is up.",
  "`const banner = await receive(socket, /\\S[^\\n]*\\n/, timeout, stop)`, and return `{ banner: shortened(...) }` when it is not blank",
];

const FOR_EVER: Hints = [
  "One of the open ports belongs to a service that says nothing at all, and the program waits for its words still.",
  "Every `recv` needs an end: the time that is left of the service's. After that the port is open, without a word.",
  "`socket.recv(max, { timeout, signal })`, where `timeout` is what is left until `end`, and `signal` is the scan's own",
];

export const GREETING: readonly Step[] = [
  {
    name: "shows what a service says of itself",
    edit: "port_banner",
    async run(context) {
      const host = await scannedHost(context);
      const said = `220 ${context.randomWord()} ready`;
      // In two pieces: a line is complete at its end, not with its first packet.
      const { port } = await serve(context, (client) => {
        client.write(said.slice(0, 6));
        setImmediate(() => client.write(`${said.slice(6)}\r\nmore\r\n`));
      });
      const found = await find(context, host, `${port}`, ["--timeout", `${SPEAKS_MS}`]);
      const { banner } = found.openPort(port);
      if (banner === said) return;
      const shown = banner === undefined ? "no banner" : `the banner ${JSON.stringify(banner)}`;
      throw failure(
        found,
        `Expected the banner ${JSON.stringify(said)}, which is what the service says, and the report has ${shown}.`,
        NOT_HEARD,
        { replay: replayOpen(found, port, `${said}\r\n`) },
      );
    },
  },
  {
    name: "asks one that waits to be asked for its name, in HTTP",
    edit: "port_banner",
    async run(context) {
      const host = await scannedHost(context);
      const name = `lab/${context.randomWord()}`;
      let isAsked = false;
      const { port } = await serve(context, (client) => {
        let request = "";
        client.on("data", (data) => {
          isAsked = true;
          request += data.toString("latin1");
          if (!request.includes("\r\n\r\n")) return;
          client.end(`HTTP/1.1 404 Not Found\r\nDate: now\r\nServer: ${name}\r\n\r\nServer: no`);
        });
      });
      const found = await patiently(
        WAITS_MS,
        (timeoutMs) => find(context, host, `${port}`, ["--timeout", `${timeoutMs}`]),
        (report) => report.openPort(port).server === name,
      );
      const { server } = found.openPort(port);
      if (server === name) return;
      const what = !isAsked
        ? "Expected a request in HTTP to a service that says nothing by itself, and there was none."
        : `Expected the server ${JSON.stringify(name)}, as the field of the answer says, and the report has ${JSON.stringify(server)}.`;
      throw failure(found, what, [
        "A service that speaks HTTP says nothing until it is asked.",
        "When no banner has come in time, send a request for the head of / and look for the field Server in the answer, up to the empty line.",
        "`await socket.send(`HEAD / HTTP/1.1\\r\\nHost: ...\\r\\nConnection: close\\r\\n\\r\\n`)`, then `SERVER.exec(await receive(socket, /\\r?\\n\\r?\\n/, timeout, stop))?.[1]`",
      ]);
    },
  },
  {
    name: "makes harmless what a service says: no control characters, no endless lines",
    edit: "port_banner",
    async run(context) {
      const host = await scannedHost(context);
      const [word, end] = [context.randomWord(), context.randomWord()];
      const evil = `\u001b[2J\u001b]0;${word}\u0007\u202e${"x".repeat(5_000)}${end}\r\n`;
      const { port } = await serve(context, (client: Socket) => client.write(evil));
      const done = await scan(context, [host, "--ports", `${port}`, "--timeout", `${SPEAKS_MS}`]);
      const shown = { replay: replayOpen(done, port, evil.slice(0, 100)) };
      const found = DANGEROUS.exec(done.stdout)?.[0];
      if (found !== undefined) {
        const code = found.charCodeAt(0).toString(16).padStart(4, "0");
        throw failure(
          done,
          `Expected nothing that moves the cursor, and the service's control character U+${code.toUpperCase()} came through to the terminal.`,
          [
            "A banner comes from a stranger. What does a terminal do with ESC [ 2 J?",
            "Show control characters as what they are, such as \\u001b, and the ones that turn the direction of writing too.",
            "`printable(text)` of ./src/lab/printable, in `shortened`",
          ],
          shown,
        );
      }
      if (!done.stdout.includes(word)) {
        throw failure(
          done,
          `Expected ${word} in the table, which the service says among other things, and it is not there.`,
          NOT_HEARD,
          shown,
        );
      }
      const longest = Math.max(...done.stdout.split("\n").map(({ length }) => length));
      if (done.stdout.includes(end) || longest > BANNER_MAX_CHARACTERS) {
        throw failure(
          done,
          `Expected a banner that is cut off, and one of 5,000 characters got a line of ${longest}.`,
          [
            "A stranger decides how much of the screen he gets.",
            "Cut what is shown after a line, and after so many characters.",
            "In `shortened`: `line.slice(0, LINE_MAX_CHARACTERS)`, when the line is longer",
          ],
        );
      }
    },
  },
  {
    name: "is not held up by services that say nothing, or never stop",
    edit: "port_banner",
    async run(context) {
      const host = await scannedHost(context);
      const mute = await serve(context);
      const chatty = await serve(context, talkForEver);
      const ports = `${mute.port},${chatty.port}`;
      const options = { limitMs: SILENT_LIMIT_MS, hang: FOR_EVER };
      const both = [mute.port, chatty.port];
      const found = await patiently(
        [400, 2_000],
        (timeoutMs) => find(context, host, ports, ["--timeout", `${timeoutMs}`], options),
        (report) => both.every((port) => report.stateOf(port) === "open"),
      );
      for (const port of both) {
        if (found.stateOf(port) === "open") continue;
        throw failure(
          found,
          `Expected port ${port} to be open, whatever its service says, and the scan says: ${found.stateOf(port)}.`,
          [
            "That a service is silent does not make its port closed.",
            "A visit that fails, or ends without a word, changes nothing of what the probe has found.",
            "`return {}` where there is nothing to tell of a service",
          ],
        );
      }
    },
  },
];

function talkForEver(client: Socket): void {
  const more = () => {
    while (!client.destroyed && client.write("x".repeat(16_384)));
  };
  client.on("drain", more);
  more();
}
