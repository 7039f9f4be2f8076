/**
 * HTTP/1.1 requests without I/O (RFC 9112): push bytes in, take events out.
 *
 *     HTTP-message = start-line CRLF *( field-line CRLF ) CRLF [ message-body ]   ; RFC 9112, 2.1
 *
 * `next` gives, for each request, one head, any number of body pieces and one end; or an error, after
 * which the parser reads no more, because it is unknown where the next message starts. Each byte is
 * looked at once and copied at most a constant number of times, however the bytes are cut, and the
 * events do not depend on the cutting (only the borders between body pieces do).
 */

import { Chunks } from "./chunks";
import type { Scan } from "./field-scanner";
import { Fields } from "./fields";
import { HeadFields } from "./head-fields";
import { HttpError } from "./http-error";
import { DEFAULT_LIMITS, type MessageLimits } from "./limits";
import { ReceiveBuffer } from "./receive-buffer";
import { RequestHead } from "./request-head";
import { RequestLine } from "./request-line";
import { parseTarget } from "./target";
import { TrailerFields } from "./trailer-fields";

export interface BodyPiece {
  readonly type: "body";
  readonly bytes: Buffer;
}

export interface RequestEnd {
  readonly type: "end";
  readonly trailers: Fields;
}

export interface RequestFailure {
  readonly type: "error";
  readonly error: HttpError;
  /** The method of the request whose head is wrong, if it was read: the response to HEAD has no content. */
  readonly method?: string;
}

export type RequestEvent = RequestHead | BodyPiece | RequestEnd | RequestFailure;

const END: RequestEnd = { type: "end", trailers: Fields.none };

const COMMON_METHODS = ["GET", "POST", "HEAD", "PUT"].map((name) => ({
  name,
  codes: Buffer.from(name),
}));

const REQUEST_LINE = 0;
const HEAD_FIELDS = 1;
const BODY_BYTES = 2;
const BODY_CHUNKS = 3;
const TRAILERS = 4;
const FAILED = 5;

export class RequestParser {
  readonly #input = new ReceiveBuffer();
  readonly #line: RequestLine;
  readonly #fields: HeadFields;
  readonly #limits: MessageLimits;
  #chunks: Chunks | undefined;
  #trailers: TrailerFields | undefined;
  #state = REQUEST_LINE;
  #bodyBytesLeft = 0;
  #ended = false;

  /** @param limits DEFAULT_LIMITS when left out */
  constructor(limits: MessageLimits = DEFAULT_LIMITS) {
    this.#limits = limits;
    this.#line = new RequestLine(limits);
    this.#fields = new HeadFields(limits);
  }

  /** Whether it stands between two requests, with nothing of the next one received. */
  get idle(): boolean {
    return this.#state === REQUEST_LINE && this.#line.isBlank && this.#input.length === 0;
  }

  /** The method of the request whose head is being read, once it is known. */
  get method(): string | undefined {
    const inHead = this.#state === REQUEST_LINE || this.#state === HEAD_FIELDS;
    if (!inHead || !this.#line.hasMethod) return undefined;
    const { bytes, mark } = this.#input;
    return methodOf(bytes, mark, mark + this.#line.methodEnd);
  }

  /** Bytes received and not yet read. */
  get buffered(): number {
    return this.#input.length;
  }

  /** Takes bytes in, of any number and cut anywhere. They must not change afterwards. */
  push(bytes: Uint8Array): void {
    if (this.#state !== FAILED && !this.#ended) this.#input.push(bytes);
  }

  /** Says that no more bytes will come. */
  end(): void {
    this.#ended = true;
  }

  /**
   * The next event; undefined when it needs more bytes, or when all is read and the bytes ended.
   * Never throws. After an error there is nothing more.
   */
  next(): RequestEvent | undefined {
    const event = this.#step();
    if (event instanceof HttpError) {
      const { method } = this;
      this.#state = FAILED;
      this.#input.clear();
      return { type: "error", error: event, method };
    }
    return event;
  }

  #step(): RequestEvent | HttpError | undefined {
    const input = this.#input;
    for (;;) {
      if (input.pos === input.end && !input.more()) {
        if (this.#state === BODY_BYTES && this.#bodyBytesLeft === 0) return this.#finish(END);
        return this.#ended ? this.#endOfInput() : undefined;
      }
      switch (this.#state) {
        case REQUEST_LINE: {
          const scan = this.#line.scan(input);
          if (scan === false) break;
          if (scan !== true) return scan;
          this.#fields.begin(input);
          this.#state = HEAD_FIELDS;
          break;
        }
        case HEAD_FIELDS: {
          const scan: Scan = this.#fields.scan(input);
          if (scan !== false) return scan === true ? this.#head() : scan;
          break;
        }
        case BODY_BYTES:
          return this.#bodyBytesLeft === 0 ? this.#finish(END) : this.#bodyPiece();
        case BODY_CHUNKS: {
          const chunks = this.#chunks as Chunks;
          const read = chunks.read(input);
          if (read === false) break;
          if (read !== true) return read instanceof HttpError ? read : bodyPiece(read);
          this.#trailers ??= new TrailerFields(this.#limits);
          input.mark = input.pos;
          this.#trailers.begin(input);
          this.#state = TRAILERS;
          break;
        }
        case TRAILERS: {
          const trailers = this.#trailers as TrailerFields;
          const scan: Scan = trailers.scan(input);
          if (scan === false) break;
          if (scan !== true) return scan;
          if (trailers.count === 0) return this.#finish(END);
          const text = input.bytes.toString("latin1", input.mark, input.pos);
          return this.#finish({ type: "end", trailers: new Fields(text) });
        }
        default:
          return undefined;
      }
    }
  }

  #endOfInput(): HttpError | undefined {
    if (this.#state === FAILED || this.idle) return undefined;
    return new HttpError("INCOMPLETE");
  }

  #head(): RequestHead | HttpError {
    const input = this.#input;
    const line = this.#line;
    const fields = this.#fields;
    const minorVersion = line.minor === 0 ? 0 : 1;
    const { bytes, mark } = input;
    const method = methodOf(bytes, mark, mark + line.methodEnd);
    const target = bytes.toString("latin1", mark + line.methodEnd + 1, mark + line.targetEnd);
    let hostInTarget = false;
    if (!line.hasPlainTarget || method === "CONNECT") {
      const parsed = parseTarget(method, target);
      if (parsed instanceof HttpError) return parsed;
      hostInTarget = parsed.authority !== undefined;
    }
    const framing = fields.finish(minorVersion, hostInTarget);
    if (framing instanceof HttpError) return framing;
    if (fields.contentLength > this.#limits.maxBodyBytes) return new HttpError("BODY_TOO_LARGE");

    input.mark = -1;
    if (framing.chunked) {
      this.#chunks ??= new Chunks(this.#limits);
      this.#chunks.begin();
      this.#state = BODY_CHUNKS;
    } else {
      this.#bodyBytesLeft = Math.max(0, fields.contentLength);
      this.#state = BODY_BYTES;
    }
    const keepAlive = minorVersion === 1 ? !fields.close : fields.keepAlive && !fields.close;
    return new RequestHead(
      bytes,
      mark + fields.sectionStart,
      input.pos,
      method,
      target,
      minorVersion,
      fields.contentLength,
      framing.chunked,
      keepAlive,
      fields.expect,
    );
  }

  #bodyPiece(): BodyPiece {
    const input = this.#input;
    const start = input.pos;
    input.pos = Math.min(input.end, start + this.#bodyBytesLeft);
    this.#bodyBytesLeft -= input.pos - start;
    return bodyPiece(input.bytes.subarray(start, input.pos));
  }

  #finish(event: RequestEnd): RequestEnd {
    this.#input.mark = -1;
    this.#line.begin();
    this.#state = REQUEST_LINE;
    return event;
  }
}

/** The method; a common one as a constant, which is quicker to compare and to look up later. */
function methodOf(bytes: Buffer, start: number, end: number): string {
  for (const { name, codes } of COMMON_METHODS) {
    if (codes.length !== end - start) continue;
    let at = 0;
    while (at < codes.length && bytes[start + at] === codes[at]) at++;
    if (at === codes.length) return name;
  }
  return bytes.toString("latin1", start, end);
}

function bodyPiece(bytes: Buffer): BodyPiece {
  return { type: "body", bytes };
}
