/** Reads the fields of a head, and gathers from them what decides host, framing and persistence. */

import { FieldScanner } from "./field-scanner";
import { NINE, trimBlanks, ZERO } from "./grammar";
import { isHostAndPort } from "./host";
import { HttpError } from "./http-error";
import type { ReceiveBuffer } from "./receive-buffer";
import { judgeTransferCodings } from "./transfer-coding";

export class HeadFields extends FieldScanner {
  hasHost = false;
  /** True if the Host field has an empty value: right only beside a target that names the host. */
  hasEmptyHost = false;
  /** Content-Length in bytes, or -1. */
  contentLength = -1;
  /** Transfer-Encoding, its lines joined. */
  transferEncoding: string | undefined;
  /** Whether Connection has the option "close", or "keep-alive" (RFC 9112, 9.3 and C.2.2). */
  close = false;
  keepAlive = false;
  /** Expect, its lines joined, in lower case. */
  expect: string | undefined;

  override begin(input: ReceiveBuffer): void {
    super.begin(input);
    this.hasHost = false;
    this.hasEmptyHost = false;
    this.contentLength = -1;
    this.transferEncoding = undefined;
    this.close = false;
    this.keepAlive = false;
    this.expect = undefined;
  }

  /**
   * What the fields say together about the message (RFC 9112, 6.3), or what is wrong with them.
   * @param hostInTarget whether the target names the host, so that the Host field is ignored (3.2.2)
   */
  finish(minorVersion: number, hostInTarget: boolean): HttpError | { chunked: boolean } {
    if (!this.hasHost && minorVersion > 0) return new HttpError("NO_HOST");
    if (this.hasEmptyHost && !hostInTarget) return new HttpError("BAD_HOST");
    if (this.transferEncoding === undefined) return UNCHUNKED;
    if (minorVersion === 0) return new HttpError("CODING_IN_HTTP_1_0");
    if (this.contentLength >= 0) return new HttpError("LENGTH_AND_CODING");
    return judgeTransferCodings(this.transferEncoding) ?? CHUNKED;
  }

  protected override judge(
    bytes: Buffer,
    nameStart: number,
    nameEnd: number,
    start: number,
    end: number,
  ): HttpError | undefined {
    // The length of the name rules nearly every field out at once.
    switch (nameEnd - nameStart) {
      case 4:
        if (isName(bytes, nameStart, "host")) return this.#host(bytes, start, end);
        break;
      case 6:
        if (isName(bytes, nameStart, "expect")) {
          const value = bytes.toString("latin1", start, end).toLowerCase();
          this.expect = this.expect === undefined ? value : `${this.expect},${value}`;
        }
        break;
      case 10:
        if (isName(bytes, nameStart, "connection")) this.#connection(bytes, start, end);
        break;
      case 14:
        if (isName(bytes, nameStart, "content-length")) return this.#length(bytes, start, end);
        // CGI and what follows it (WSGI, PHP) know fields by names in which "-" and "_" are one, so
        // that this field would be a second Content-Length to them.
        if (isName(bytes, nameStart, "content_length")) return new HttpError("FRAMING_LOOKALIKE");
        break;
      case 17:
        if (isName(bytes, nameStart, "transfer-encoding")) {
          const value = bytes.toString("latin1", start, end);
          const earlier = this.transferEncoding;
          this.transferEncoding = earlier === undefined ? value : `${earlier},${value}`;
        } else if (isName(bytes, nameStart, "transfer_encoding")) {
          return new HttpError("FRAMING_LOOKALIKE");
        }
    }
    return undefined;
  }

  #host(bytes: Buffer, start: number, end: number): HttpError | undefined {
    if (this.hasHost) return new HttpError("SEVERAL_HOSTS");
    this.hasHost = true;
    this.hasEmptyHost = start === end;
    if (!this.hasEmptyHost && !isHostAndPort(bytes, start, end)) return new HttpError("BAD_HOST");
    return undefined;
  }

  /**
   * Content-Length = 1*DIGIT (RFC 9110, 8.6). Also refused: zeros in front, which some read as
   * octal, and what a double cannot hold exactly.
   */
  #length(bytes: Buffer, start: number, end: number): HttpError | undefined {
    if (this.contentLength >= 0) return new HttpError("SEVERAL_CONTENT_LENGTHS");
    if (start === end || (bytes[start] === ZERO && end - start > 1)) {
      return new HttpError("BAD_CONTENT_LENGTH");
    }
    let length = 0;
    for (let at = start; at < end; at++) {
      const byte = bytes[at];
      if (byte < ZERO || byte > NINE) return new HttpError("BAD_CONTENT_LENGTH");
      length = length * 10 + (byte - ZERO);
      if (length > Number.MAX_SAFE_INTEGER) return new HttpError("BAD_CONTENT_LENGTH");
    }
    this.contentLength = length;
    return undefined;
  }

  #connection(bytes: Buffer, start: number, end: number): void {
    const options = bytes.toString("latin1", start, end).toLowerCase();
    if (options === "keep-alive") this.keepAlive = true;
    else if (options === "close") this.close = true;
    else {
      for (const option of options.split(",")) {
        const name = trimBlanks(option);
        if (name === "close") this.close = true;
        if (name === "keep-alive") this.keepAlive = true;
      }
    }
  }
}

const CHUNKED = { chunked: true };
const UNCHUNKED = { chunked: false };

/** Whether the name at `start` is `name`, given in lower case; its length is known to be right. */
export function isName(bytes: Buffer, start: number, name: string): boolean {
  for (let at = 0; at < name.length; at++) {
    // Bit 5 is the case of a letter; no two other characters of a token that stand in these names
    // differ in it alone.
    if ((bytes[start + at] | 0x20) !== (name.charCodeAt(at) | 0x20)) return false;
  }
  return true;
}
