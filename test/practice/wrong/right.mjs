/** A small HTTP server that does what Part 6 asks for. Each other file here is this one with one fault. */
import { createServer } from "node:net";

const PATHS = ["/", "/hello", "/about"];

/** The parts of a request, or undefined while it is not whole. */
function parse(text, { keyOf }) {
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const [line, ...rest] = text.slice(0, end).split("\r\n");
  const [method, path] = line.split(" ");
  const fields = {};
  for (const field of rest) {
    const colon = field.indexOf(":");
    fields[keyOf(field.slice(0, colon))] = field.slice(colon + 1).trim();
  }
  const length = Number(fields["content-length"] ?? 0);
  if (text.length - end - 4 < length) return undefined;
  return { method, path, fields };
}

const html = (lines) => `<html>\n<body>\n    ${lines.join("\n    ")}\n</body>\n</html>\n`;
const entities = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

const RIGHT = {
  parse,
  keyOf: (name) => name.toLowerCase(),
  escape: (text) => text.replace(/[&<>]/g, (c) => entities[c]),
  isKnown: (path) => PATHS.includes(path),
  shown: ({ method, path, fields }) => ({
    Method: method,
    Path: path,
    Browser: fields["user-agent"] ?? "none",
  }),
  notFound: () => html(["<h1>404 Not Found</h1>", "<p>The page you requested does not exist.</p>"]),
  type: "text/html; charset=utf-8",
  respond(request) {
    if (!this.isKnown(request.path)) return this.response("404 Not Found", this.notFound());
    const lines = Object.entries(this.shown(request)).map(
      ([name, value]) => `<p><strong>${name}:</strong> ${this.escape(value)}</p>`,
    );
    return this.response("200 OK", html(["<h1>Request Info</h1>", ...lines]));
  },
  response(status, body) {
    const length = Buffer.byteLength(body);
    return `HTTP/1.1 ${status}\r\nContent-Type: ${this.type}\r\nContent-Length: ${length}\r\nConnection: close\r\n\r\n${body}`;
  },
  onClient(client) {
    let text = "";
    client.on("error", () => {});
    client.on("data", (bytes) => {
      text += bytes.toString("latin1");
      const request = this.parse(text, this);
      if (request) client.end(this.respond(request));
    });
  },
};

/** Listens, and says where. `fault` replaces parts of what is right. */
export function start(fault = {}) {
  const behaviour = { ...RIGHT, ...fault };
  const server = createServer({ allowHalfOpen: false }, (client) =>
    behaviour.onClient(client, server),
  );
  server.listen(0, "127.0.0.1", () => {
    console.log(`HTTP Server running on http://127.0.0.1:${server.address().port}`);
    behaviour.onListening?.(server);
  });
}

export { html, RIGHT };

let queue = Promise.resolve();

/** For faults: clients one after the other, each served when the one before has gone. */
export function inTurn(serveOne) {
  return function onClient(client) {
    client.on("error", () => {}).pause();
    queue = queue.then(async () => {
      if (client.destroyed) return;
      const gone = new Promise((resolve) => client.once("close", resolve));
      serveOne(client);
      RIGHT.onClient.call(this, client);
      client.resume();
      await gone;
    });
  };
}
