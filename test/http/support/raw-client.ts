/** A client that sends exactly the bytes it is told to, and reads responses without trusting them. */

import { connect, type Socket } from "node:net";

export interface RawResponse {
  readonly status: number;
  readonly reason: string;
  /** By lower-case name. */
  readonly fields: ReadonlyMap<string, string>;
  readonly body: string;
}

/** Everything the server sends until it ends the connection; rejects when it is cut. */
export function exchange(
  port: number,
  bytes: Uint8Array | string,
  options: { halfClose?: boolean } = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    let received = "";
    socket.setEncoding("latin1");
    socket.on("data", (text: string) => {
      received += text;
    });
    socket.on("end", () => {
      socket.end();
      resolve(received);
    });
    socket.on("error", reject);
    if (options.halfClose) socket.end(bytes);
    else socket.write(bytes);
  });
}

/** The responses in `text`, in order; `heads` says which of them answer HEAD. */
export function parseResponses(text: string, heads: readonly boolean[] = []): RawResponse[] {
  const responses: RawResponse[] = [];
  let rest = text;
  while (rest !== "") {
    const headEnd = rest.indexOf("\r\n\r\n");
    if (headEnd < 0) throw new Error(`a response without an end to its head: ${rest}`);
    const [statusLine, ...lines] = rest.slice(0, headEnd).split("\r\n");
    rest = rest.slice(headEnd + 4);
    const match = /^HTTP\/1\.1 (\d{3}) ([^\r\n]*)$/.exec(statusLine);
    if (match === null) throw new Error(`not a status line: ${JSON.stringify(statusLine)}`);
    const fields = new Map(
      lines.map((line) => {
        const colon = line.indexOf(":");
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
      }),
    );
    const status = Number(match[1]);
    const bodiless = heads[responses.length] || status < 200 || status === 204 || status === 304;
    let body = "";
    if (!bodiless && fields.get("transfer-encoding") === "chunked") {
      [body, rest] = readChunks(rest);
    } else if (!bodiless) {
      const length = fields.has("content-length")
        ? Number(fields.get("content-length"))
        : rest.length;
      if (rest.length < length) throw new Error(`a body of ${rest.length} bytes, not ${length}`);
      body = rest.slice(0, length);
      rest = rest.slice(length);
    }
    responses.push({ status, reason: match[2], fields, body });
  }
  return responses;
}

function readChunks(text: string): [body: string, rest: string] {
  let body = "";
  let rest = text;
  for (;;) {
    const line = /^([0-9a-f]+)\r\n/.exec(rest);
    if (line === null) throw new Error(`not a chunk: ${JSON.stringify(rest.slice(0, 40))}`);
    const size = Number.parseInt(line[1], 16);
    const data = line[0].length;
    if (rest.slice(data + size, data + size + 2) !== "\r\n") throw new Error("a chunk cut short");
    body += rest.slice(data, data + size);
    rest = rest.slice(data + size + 2);
    if (size === 0) return [body, rest];
  }
}

/** A connection that stays open, with what came on it so far. */
export class RawConnection {
  received = "";
  ended = false;
  cut = false;
  readonly #wakers = new Set<() => void>();

  private constructor(readonly socket: Socket) {
    socket.setEncoding("latin1");
    socket.on("data", (text: string) =>
      this.#note(() => {
        this.received += text;
      }),
    );
    socket.on("end", () =>
      this.#note(() => {
        this.ended = true;
      }),
    );
    socket.on("error", () => undefined);
    socket.on("close", (failed) =>
      this.#note(() => {
        this.cut = failed;
        this.ended = true;
      }),
    );
  }

  static async open(port: number): Promise<RawConnection> {
    const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    const connection = new RawConnection(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("error", reject);
    });
    return connection;
  }

  send(bytes: string | Uint8Array): void {
    this.socket.write(bytes);
  }

  /** Resolves once `condition` holds of what was received; the test's own timeout is the limit. */
  async until(condition: (received: string) => boolean): Promise<string> {
    while (!condition(this.received)) {
      if (this.ended)
        throw new Error(`the connection ended after ${JSON.stringify(this.received)}`);
      await new Promise<void>((resolve) => this.#wakers.add(resolve));
    }
    return this.received;
  }

  /** Resolves when the server ends the connection, or it is cut. */
  async end(): Promise<string> {
    while (!this.ended) await new Promise<void>((resolve) => this.#wakers.add(resolve));
    this.socket.end();
    return this.received;
  }

  close(): void {
    this.socket.destroy();
  }

  #note(change: () => void): void {
    change();
    for (const wake of this.#wakers) wake();
    this.#wakers.clear();
  }
}
