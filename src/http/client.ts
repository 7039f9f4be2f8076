/** Asks an HTTP server one thing at a time, on node:http: for programs that talk to a server of ours. */

import { type IncomingHttpHeaders, request as nodeRequest } from "node:http";
import { toSocketError } from "../sockets/errors";

export interface Question {
  readonly host: string;
  readonly port: number;
  /** GET by default. */
  readonly method?: string;
  /** As it is sent: percent-encoded, with the query. */
  readonly path: string;
  readonly fields?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Without a byte from the server for so long, the call fails. */
  readonly timeoutMs?: number;
  readonly maxBodyBytes?: number;
  readonly signal?: AbortSignal;
}

export interface Answer {
  readonly status: number;
  /** By lower-case name. */
  readonly fields: IncomingHttpHeaders;
  readonly body: Buffer;
}

const SILENCE_MAX_MS = 30_000;
const BODY_MAX_BYTES = 64 * 1024 * 1024;

/**
 * Sends a request on a connection of its own, and resolves with the whole answer.
 * @throws SocketError when the server cannot be reached, is silent for too long, or goes away; Error
 *   when the answer is larger than maxBodyBytes
 */
export function ask(question: Question): Promise<Answer> {
  const { host, port, path, signal, body } = question;
  const { timeoutMs = SILENCE_MAX_MS, maxBodyBytes = BODY_MAX_BYTES } = question;
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => reject(toSocketError(error, "connect", { host, port }));
    const headers: Record<string, string | number> = { ...question.fields };
    const isChunked = "Transfer-Encoding" in headers;
    if (body !== undefined && !isChunked) headers["Content-Length"] = Buffer.byteLength(body);
    const call = nodeRequest(
      { host, port, path, method: question.method ?? "GET", headers, signal, agent: false },
      (answer) => {
        const pieces: Buffer[] = [];
        let length = 0;
        answer.on("data", (piece: Buffer) => {
          length += piece.length;
          pieces.push(piece);
          if (length <= maxBodyBytes) return;
          reject(new Error(`the answer is larger than ${maxBodyBytes} bytes`));
          call.destroy();
        });
        answer.on("error", fail);
        answer.on("end", () => {
          const status = answer.statusCode ?? 0;
          resolve({ status, fields: answer.headers, body: Buffer.concat(pieces) });
        });
      },
    );
    call.setTimeout(timeoutMs, () => {
      call.destroy(Object.assign(new Error("silent"), { code: "ETIMEDOUT", syscall: "recv" }));
    });
    call.on("error", fail);
    call.end(body);
  });
}
