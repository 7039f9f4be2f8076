/** Every limit and timeout of this HTTP, in one place. Pass a part of it to change that part. */

const KIB = 1024;
const SECOND_MS = 1000;

/** What one message may cost; the parser keeps to these without a clock or a socket. */
export interface MessageLimits {
  /** No server implements a longer method: 501. */
  readonly maxMethodBytes: number;
  /** Request line without its CRLF: 414. RFC 9112, 3 asks for 8000 at least. */
  readonly maxRequestLineBytes: number;
  /** One field line without its CRLF: 431. */
  readonly maxFieldLineBytes: number;
  /** All field lines of a head, or of a trailer section: 431. */
  readonly maxFieldSectionBytes: number;
  /** Field lines in a head, or in a trailer section: 431. */
  readonly maxFields: number;
  /** Content of a message, after chunks are joined: 413. */
  readonly maxBodyBytes: number;
  /** Chunk extensions of one message together: 413 (RFC 9112, 7.1.1). */
  readonly maxChunkExtensionBytes: number;
  /** Empty lines passed over before a request line (RFC 9112, 2.2): 400. */
  readonly maxEmptyLines: number;
}

/** What a server grants its clients, beside what a message may cost. */
export interface HttpLimits extends MessageLimits {
  /** Open connections; one more is answered 503 and closed. */
  readonly maxConnections: number;
  /**
   * Open connections none of whose requests was admitted (HttpRequest.admit); one more, and the one that
   * has been open for longest is cut. So a crowd that never shows its token keeps no one out.
   */
  readonly maxNewcomers: number;
  /** Connections over the limit that are answered 503 at a time; the rest are dropped. */
  readonly maxTurnedAway: number;
  /** Requests on one connection; the last answer says `Connection: close`. */
  readonly maxRequestsPerConnection: number;
  /** Received and not yet asked for; beyond it the socket is no longer read. */
  readonly maxBufferedBytes: number;
  /** Of a body that the handler left unread, read and dropped to keep the connection. */
  readonly maxDiscardBytes: number;
  /** Handed to the socket in one write of a larger body. */
  readonly maxWriteBytes: number;
  /** From the first byte of a request to the end of its head: 408. */
  readonly headerTimeoutMs: number;
  /** Spent waiting for the body of one request, all together: 408. */
  readonly bodyTimeoutMs: number;
  /** Without a request: the connection is closed, silently. */
  readonly idleTimeoutMs: number;
  /** For the client to take what one write gave it: the connection is cut. */
  readonly writeTimeoutMs: number;
  /** After the last answer, for the client to close too (RFC 9112, 9.6). */
  readonly lingerTimeoutMs: number;
  /** After stop, for the requests in flight. */
  readonly drainTimeoutMs: number;
}

export const DEFAULT_LIMITS: HttpLimits = {
  maxMethodBytes: 32,
  maxRequestLineBytes: 8 * KIB,
  maxFieldLineBytes: 16 * KIB,
  maxFieldSectionBytes: 64 * KIB,
  maxFields: 128,
  maxBodyBytes: 1024 * KIB,
  maxChunkExtensionBytes: 4 * KIB,
  maxEmptyLines: 4,
  maxConnections: 16_384,
  maxNewcomers: Number.POSITIVE_INFINITY,
  maxTurnedAway: 128,
  maxRequestsPerConnection: 100_000,
  maxBufferedBytes: 64 * KIB,
  maxDiscardBytes: 256 * KIB,
  maxWriteBytes: 64 * KIB,
  headerTimeoutMs: 10 * SECOND_MS,
  bodyTimeoutMs: 30 * SECOND_MS,
  idleTimeoutMs: 15 * SECOND_MS,
  writeTimeoutMs: 30 * SECOND_MS,
  lingerTimeoutMs: 2 * SECOND_MS,
  drainTimeoutMs: 10 * SECOND_MS,
};

/**
 * The defaults with `changes` over them. Infinity switches a limit off.
 * @throws RangeError naming the setting, when one is unknown or not a number above 0
 */
export function withLimits(changes: Partial<HttpLimits> = {}): HttpLimits {
  for (const [name, value] of Object.entries(changes)) {
    if (!(name in DEFAULT_LIMITS)) {
      const known = Object.keys(DEFAULT_LIMITS).join(", ");
      throw new RangeError(`no limit is called ${name}; there are ${known}`);
    }
    if (typeof value !== "number" || !(value > 0)) {
      throw new RangeError(`${name} must be a number above 0, not ${String(value)}`);
    }
  }
  return { ...DEFAULT_LIMITS, ...changes };
}
