/**
 * Reads a request line, and can stop after any byte.
 *
 *     request-line = method SP request-target SP HTTP-version CRLF    ; RFC 9112, 3
 *     HTTP-version = "HTTP/" DIGIT "." DIGIT                          ; RFC 9112, 2.3
 */

import type { Scan } from "./field-scanner";
import { BYTES, CR, DELICATE, isBlank, LF, NINE, SLASH, SP, TARGET, TCHAR, ZERO } from "./grammar";
import { HttpError } from "./http-error";
import type { MessageLimits } from "./limits";
import type { ReceiveBuffer } from "./receive-buffer";

const EMPTY_LINES = 0;
const EMPTY_LINE_LF = 1;
const METHOD = 2;
const IN_TARGET = 3;
const VERSION = 4;
const LINE_CR = 5;
const LINE_LF = 6;

/** "D" stands for a digit. */
const VERSION_FORM = "HTTP/D.D";
const USUAL_END = Buffer.from("HTTP/1.1\r\n");
const MAJOR_AT = 5;
const MINOR_AT = 7;

export class RequestLine {
  /** Ends of method and target, counted from the mark of the input, where the method starts. */
  methodEnd = 0;
  targetEnd = 0;
  /** Whether the target starts with "/" and has no percent-encoding or bracket to look into. */
  hasPlainTarget = false;
  major = 0;
  minor = 0;
  #state = EMPTY_LINES;
  #emptyLines = 0;
  #versionAt = 0;
  /** All the bits of the target's bytes. */
  #seen = 0;

  constructor(private readonly limits: MessageLimits) {}

  /** Whether nothing of a request has come: at most empty lines. */
  get isBlank(): boolean {
    return this.#state === EMPTY_LINES;
  }

  /** True once the method was read to its end. */
  get hasMethod(): boolean {
    return this.#state >= IN_TARGET;
  }

  begin(): void {
    this.#state = EMPTY_LINES;
    this.#emptyLines = 0;
    this.#versionAt = 0;
  }

  /** Reads on from `input.pos`; sets the mark of the input where the method starts. */
  scan(input: ReceiveBuffer): Scan {
    const { bytes, end } = input;
    let pos = input.pos;
    while (pos < end) {
      const byte = bytes[pos];
      switch (this.#state) {
        case EMPTY_LINES:
          if (byte === CR) {
            if (this.#emptyLines === this.limits.maxEmptyLines) return new HttpError("EMPTY_LINES");
            pos++;
            this.#state = EMPTY_LINE_LF;
            break;
          }
          if (byte === LF) return new HttpError("BARE_LF");
          input.mark = pos;
          this.#state = METHOD;
          break;
        case EMPTY_LINE_LF:
          if (byte !== LF) return new HttpError("BARE_CR");
          pos++;
          this.#emptyLines++;
          this.#state = EMPTY_LINES;
          break;
        case METHOD: {
          const start = input.mark;
          const stop = Math.min(end, start + this.limits.maxMethodBytes);
          while (pos < stop && (BYTES[bytes[pos]] & TCHAR) !== 0) pos++;
          if (pos === end) break;
          if (bytes[pos] !== SP) {
            return (BYTES[bytes[pos]] & TCHAR) !== 0
              ? new HttpError("LONG_METHOD")
              : lineError(bytes[pos], "BAD_METHOD");
          }
          if (pos === start) return new HttpError("BAD_REQUEST_LINE");
          this.methodEnd = pos - start;
          pos++;
          this.#seen = 0;
          this.#state = IN_TARGET;
          break;
        }
        case IN_TARGET: {
          const longest = this.limits.maxRequestLineBytes - 1 - VERSION_FORM.length;
          const stop = Math.min(end, input.mark + longest);
          const table = BYTES; // Copies: see field-scanner.ts.
          const target = TARGET;
          let seen = this.#seen;
          while (pos < stop && (table[bytes[pos]] & target) !== 0) seen |= table[bytes[pos++]];
          this.#seen = seen;
          if (pos === end) break;
          if (pos >= stop && bytes[pos] !== SP) return new HttpError("LONG_TARGET");
          this.targetEnd = pos - input.mark;
          if (bytes[pos] !== SP) return lineError(bytes[pos], "BAD_TARGET");
          if (this.targetEnd === this.methodEnd + 1) return new HttpError("BAD_REQUEST_LINE");
          this.hasPlainTarget =
            bytes[input.mark + this.methodEnd + 1] === SLASH && (this.#seen & DELICATE) === 0;
          pos++;
          if (isUsualEnd(bytes, pos, end)) {
            this.major = 1;
            this.minor = 1;
            input.pos = pos + USUAL_END.length;
            return true;
          }
          this.#state = VERSION;
          break;
        }
        case VERSION:
          if (!this.#isVersionByte(byte)) return lineError(byte, "BAD_VERSION");
          pos++;
          if (++this.#versionAt === VERSION_FORM.length) this.#state = LINE_CR;
          break;
        case LINE_CR:
          if (byte !== CR) return lineError(byte, "BAD_VERSION");
          pos++;
          this.#state = LINE_LF;
          break;
        case LINE_LF:
          if (byte !== LF) return new HttpError("BARE_CR");
          input.pos = pos + 1;
          // A higher minor version is served as the highest one known (RFC 9110, 2.5).
          return this.major === 1 || new HttpError("UNSUPPORTED_VERSION");
      }
    }
    input.pos = pos;
    return false;
  }

  #isVersionByte(byte: number): boolean {
    const at = this.#versionAt;
    if (at === MAJOR_AT) this.major = byte - ZERO;
    else if (at === MINOR_AT) this.minor = byte - ZERO;
    else return byte === VERSION_FORM.charCodeAt(at);
    return byte >= ZERO && byte <= NINE;
  }
}

/** Whether the line ends with "HTTP/1.1", all of it here: the case worth a short way. */
function isUsualEnd(bytes: Buffer, start: number, end: number): boolean {
  if (end - start < USUAL_END.length) return false;
  for (let at = 0; at < USUAL_END.length; at++) {
    if (bytes[start + at] !== USUAL_END[at]) return false;
  }
  return true;
}

/** Why a line cannot go on with this byte: it ends here, has a blank too many, or is `otherwise`. */
function lineError(
  byte: number,
  otherwise: "BAD_METHOD" | "BAD_TARGET" | "BAD_VERSION",
): HttpError {
  if (byte === LF) return new HttpError("BARE_LF");
  if (byte === CR || isBlank(byte)) return new HttpError("BAD_REQUEST_LINE");
  return new HttpError(otherwise);
}
