/** A small HTTP server that does what Part 6 asks for, or all of it but for one fault. Runs in the process of the tests. */
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { unsharedAddress } from "../../../../src/lab/own-address";
import type { Address } from "../../../../src/tools/practice/judging/judge";

interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly fields: Readonly<Record<string, string>>;
}

const PATHS = ["/", "/hello", "/about"];
const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };
/** For one who gives each client a moment to speak. */
const PATIENCE_MS = 400;

const html = (lines: readonly string[]) =>
  `<html>\n<body>\n    ${lines.join("\n    ")}\n</body>\n</html>\n`;

/** What is right. A fault replaces parts of it. */
class Right {
  /** Ends the server as the end of its process would. */
  exit = (): void => {};

  keyOf = (name: string): string => name.toLowerCase();
  escape = (text: string): string => text.replace(/[&<>]/g, (sign) => ENTITIES[sign] ?? sign);
  isKnown = (path: string): boolean => PATHS.includes(path);
  shown = ({ method, path, fields }: HttpRequest): Readonly<Record<string, string>> => ({
    Method: method,
    Path: path,
    Browser: fields["user-agent"] ?? "none",
  });
  notFound = (): string =>
    html(["<h1>404 Not Found</h1>", "<p>The page you requested does not exist.</p>"]);
  type = "text/html; charset=utf-8";

  /** The parts of a request, or undefined while it is not whole. */
  parse(text: string): HttpRequest | undefined {
    const end = text.indexOf("\r\n\r\n");
    if (end < 0) return undefined;
    const [line = "", ...rest] = text.slice(0, end).split("\r\n");
    const [method = "", path = ""] = line.split(" ");
    const fields: Record<string, string> = {};
    for (const field of rest) {
      const colon = field.indexOf(":");
      fields[this.keyOf(field.slice(0, colon))] = field.slice(colon + 1).trim();
    }
    const length = Number(fields["content-length"] ?? 0);
    return text.length - end - 4 < length ? undefined : { method, path, fields };
  }

  respond(request: HttpRequest): string {
    if (!this.isKnown(request.path)) return this.response("404 Not Found", this.notFound());
    const lines = Object.entries(this.shown(request)).map(
      ([name, value]) => `<p><strong>${name}:</strong> ${this.escape(value)}</p>`,
    );
    return this.response("200 OK", html(["<h1>Request Info</h1>", ...lines]));
  }

  response(status: string, body: string): string {
    const length = Buffer.byteLength(body);
    return `HTTP/1.1 ${status}\r\nContent-Type: ${this.type}\r\nContent-Length: ${length}\r\nConnection: close\r\n\r\n${body}`;
  }

  onClient(client: Socket): void {
    let text = "";
    client.on("data", (bytes) => {
      text += bytes.toString("latin1");
      const request = this.parse(text);
      if (request) client.end(this.respond(request));
    });
  }
}

/** Clients one after the other, each served when the one before has gone. */
function inTurn(server: Right, serveOne: (client: Socket) => void = () => {}): void {
  let queue = Promise.resolve();
  server.onClient = (client) => {
    client.pause();
    queue = queue.then(async () => {
      if (client.destroyed) return;
      const gone = new Promise((resolve) => client.once("close", resolve));
      serveOne(client);
      Right.prototype.onClient.call(server, client);
      client.resume();
      await gone;
    });
  };
}

/** By name: what is done to a server that is right. */
const FAULTS = {
  /** Right in all that the challenge asks for, and in nothing beyond it: it takes the query for a part of the path. */
  "no-fault": () => {},
  /** Says where it listens, and has gone by then. */
  down: (server) => server.exit(),
  "first-client-only": (server) => {
    server.onClient = (client) => void client.once("data", server.exit);
  },
  /** Ends with its first client, but not before the next one may be in its queue. */
  "first-client-only-late": (server) => {
    server.onClient = (client) => void client.once("data", () => setTimeout(server.exit, 1_200));
  },
  silent: (server) => {
    server.onClient = (client) => void client.resume();
  },
  "hangs-up": (server) => {
    server.onClient = (client) => void client.end();
  },
  /** Answers with a page, but not in HTTP. */
  "no-http": (server) => {
    server.response = (_status, body) => body;
  },
  "bare-lf": (server) => {
    server.response = (...page) =>
      Right.prototype.response.apply(server, page).replaceAll("\r\n", "\n");
  },
  "no-empty-line": (server) => {
    server.response = (...page) =>
      Right.prototype.response.apply(server, page).replace("\r\n\r\n", "\r\n");
  },
  /** Counts the head as if it belonged to the body, and keeps the connection open. */
  "length-too-long": (server) => {
    server.onClient = (client) =>
      void client.on("data", () => {
        const whole = server.response("200 OK", "<h1>Hello</h1>");
        client.write(whole.replace(/Content-Length: \d+/, `Content-Length: ${whole.length}`));
      });
  },
  "same-page": (server) => {
    server.respond = () => server.response("200 OK", html(["<h1>It works!</h1>"]));
  },
  /** Has the challenge's example written down. */
  example: (server) => {
    server.shown = () => ({ Method: "GET", Path: "/hello", Browser: "Mozilla/5.0" });
  },
  /** Knows one path, and shows it whatever was asked. */
  "one-path": (server) => {
    const { shown } = server;
    server.shown = (request) => ({
      ...shown(request),
      Path: request.path === "/" ? "/index" : request.path,
    });
  },
  "all-paths": (server) => {
    server.isKnown = () => true;
  },
  /** Takes whatever begins with a path that it knows. */
  prefixes: (server) => {
    server.isKnown = (path) =>
      path === "/" || path.startsWith("/hello") || path.startsWith("/about");
  },
  "bare-404": (server) => {
    server.notFound = () => "";
  },
  "plain-text": (server) => {
    server.type = "text/plain";
  },
  /** Finds User-Agent and user-agent, and no other way to write it. */
  "case-sensitive": (server) => {
    server.keyOf = (name) =>
      ["User-Agent", "Content-Length"].includes(name) ? name.toLowerCase() : name;
  },
  /** An error, where a request has no user agent, that ends the connection. */
  "needs-agent": (server) => {
    server.respond = (request) => {
      if (request.path === "/about" && request.fields["user-agent"] === undefined) return "";
      return Right.prototype.respond.call(server, request);
    };
  },
  "always-get": (server) => {
    const { shown } = server;
    server.shown = (request) => ({ ...shown(request), Method: "GET" });
  },
  /** Answers forty requests, and then no more. */
  tires: (server) => {
    let count = 0;
    server.respond = (request) =>
      ++count > 40 ? "" : Right.prototype.respond.call(server, request);
  },
  /** Takes what comes first for the whole request. */
  "one-receive": (server) => {
    server.onClient = (client) =>
      void client.once("data", (bytes) => {
        const request = server.parse(`${bytes.toString("latin1").trimEnd()}\r\n\r\n`);
        client.end(request ? server.respond(request) : "");
      });
  },
  "one-at-a-time": (server) => inTurn(server),
  /** Serves one client at a time, and gives each a moment to speak: so nobody waits for long, and the slow are lost. */
  impatient: (server) =>
    inTurn(server, (client) => {
      const timer = setTimeout(() => client.destroy(), PATIENCE_MS);
      client.once("close", () => clearTimeout(timer));
    }),
  unescaped: (server) => {
    server.escape = (text) => text;
  },
  /** Answers HEAD with the head alone, but of the page that names the method HEAD. */
  "shows-head": (server) => {
    server.respond = (request) => {
      const whole = Right.prototype.respond.call(server, request);
      return request.method === "HEAD" ? whole.slice(0, whole.indexOf("\r\n\r\n") + 4) : whole;
    };
  },
  /** Answers HEAD with a length of its own: none. */
  "head-without-length": (server) => {
    server.respond = (request) => {
      const whole = Right.prototype.respond.call(server, request);
      if (request.method !== "HEAD") return whole;
      return `${whole.slice(0, whole.indexOf("\r\n\r\n"))}\r\n\r\n`.replace(
        /Content-Length.*\r\n/,
        "",
      );
    };
  },
} satisfies Readonly<Record<string, (server: Right) => void>>;

export type Fault = keyof typeof FAULTS;

/** A server with this fault, on an address of its own: when it has gone, nobody else is there. */
export async function start(fault: Fault): Promise<{ readonly address: Address; stop(): void }> {
  const clients = new Set<Socket>();
  const right = new Right();
  const listener = createServer((client) => {
    clients.add(client.on("error", () => {}).on("close", () => clients.delete(client)));
    right.onClient(client);
  });
  right.exit = () => {
    listener.close();
    for (const client of clients) client.destroy();
  };
  const host = await unsharedAddress();
  await once(listener.listen(0, host), "listening");
  const { port } = listener.address() as AddressInfo;
  FAULTS[fault](right);
  return { address: { host, port }, stop: right.exit };
}
