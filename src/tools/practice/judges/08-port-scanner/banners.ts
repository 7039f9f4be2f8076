/** What a scanner shows of the services that it finds: their own words, made harmless. */

import type { Socket } from "node:net";
import type { Step } from "../../judging/judge";
import {
  ASK_IN_HTTP,
  CONTROL_CHARACTERS,
  CUT_BANNER,
  NOT_HEARD,
  SAYS_NOTHING,
  SILENT_IS_OPEN,
} from "./hints";
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
      const found = await find(context, host, `${port}`, [
        "--timeout",
        `${context.limit(SPEAKS_MS)}`,
      ]);
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
        context,
        WAITS_MS,
        (timeoutMs) => find(context, host, `${port}`, ["--timeout", `${timeoutMs}`]),
        (report) => report.openPort(port).server === name,
      );
      const { server } = found.openPort(port);
      if (server === name) return;
      const what = !isAsked
        ? "Expected a request in HTTP to a service that says nothing by itself, and there was none."
        : `Expected the server ${JSON.stringify(name)}, as the field of the answer says, and the report has ${JSON.stringify(server)}.`;
      throw failure(found, what, ASK_IN_HTTP);
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
      const done = await scan(context, [
        host,
        "--ports",
        `${port}`,
        "--timeout",
        `${context.limit(SPEAKS_MS)}`,
      ]);
      const shown = { replay: replayOpen(done, port, evil.slice(0, 100)) };
      const found = DANGEROUS.exec(done.stdout)?.[0];
      if (found !== undefined) {
        const code = found.charCodeAt(0).toString(16).padStart(4, "0");
        throw failure(
          done,
          `Expected nothing that moves the cursor, and the service's control character U+${code.toUpperCase()} came through to the terminal.`,
          CONTROL_CHARACTERS,
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
          CUT_BANNER,
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
      const options = { limitMs: SILENT_LIMIT_MS, hang: SAYS_NOTHING };
      const both = [mute.port, chatty.port];
      const found = await patiently(
        context,
        [400, 2_000],
        (timeoutMs) => find(context, host, ports, ["--timeout", `${timeoutMs}`], options),
        (report) => both.every((port) => report.stateOf(port) === "open"),
      );
      for (const port of both) {
        if (found.stateOf(port) === "open") continue;
        throw failure(
          found,
          `Expected port ${port} to be open, whatever its service says, and the scan says: ${found.stateOf(port)}.`,
          SILENT_IS_OPEN,
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
