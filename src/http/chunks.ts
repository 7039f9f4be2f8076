/**
 * Decodes the chunked transfer coding, and can stop after any byte.
 *
 *     chunked-body   = *chunk last-chunk trailer-section CRLF           ; RFC 9112, 7.1
 *     chunk          = chunk-size [ chunk-ext ] CRLF chunk-data CRLF
 *     chunk-size     = 1*HEXDIG
 *     last-chunk     = 1*("0") [ chunk-ext ] CRLF
 *     chunk-ext      = *( BWS ";" BWS chunk-ext-name [ BWS "=" BWS chunk-ext-val ] )    ; 7.1.1
 *     chunk-ext-name = token
 *     chunk-ext-val  = token / quoted-string
 */

import {
  BACKSLASH,
  BYTES,
  CR,
  DQUOTE,
  EQUALS,
  HEX,
  hexValue,
  isBlank,
  LF,
  QUOTED,
  SEMICOLON,
  TCHAR,
  VALUE,
} from "./grammar";
import { HttpError } from "./http-error";
import type { MessageLimits } from "./limits";
import type { ReceiveBuffer } from "./receive-buffer";

const SIZE_START = 0;
const SIZE = 1;
const BEFORE_SEMICOLON = 2;
const NAME_START = 3;
const NAME = 4;
const AFTER_NAME = 5;
const VALUE_START = 6;
const TOKEN_VALUE = 7;
const QUOTED_VALUE = 8;
const QUOTED_PAIR = 9;
const AFTER_QUOTED = 10;
const SIZE_LF = 11;
const DATA = 12;
const DATA_CR = 13;
const DATA_LF = 14;

/** More digits than this are zeros in front, or a number no machine counts to. */
const MAX_SIZE_DIGITS = 16;

export class Chunks {
  #state = SIZE_START;
  #digits = 0;
  /** Of the chunk: its size, then what is left of it. */
  #size = 0;
  #bodyBytes = 0;
  #extensionBytes = 0;

  constructor(private readonly limits: MessageLimits) {}

  begin(): void {
    this.#state = SIZE_START;
    this.#digits = 0;
    this.#size = 0;
    this.#bodyBytes = 0;
    this.#extensionBytes = 0;
  }

  /** A piece of data; true after the last chunk's line; false when more bytes are needed. */
  read(input: ReceiveBuffer): Buffer | HttpError | boolean {
    const { bytes, end } = input;
    while (input.pos < end) {
      if (this.#state === DATA) return this.#data(input);
      const byte = bytes[input.pos++];
      if (this.#state >= DATA_CR) {
        if (byte !== (this.#state === DATA_CR ? CR : LF)) return new HttpError("BAD_CHUNK_END");
        this.#state = this.#state === DATA_CR ? DATA_LF : SIZE_START;
      } else if (this.#state === SIZE_LF) {
        if (byte !== LF) return new HttpError("BARE_CR");
        const done = this.#endOfSizeLine();
        if (done !== false) return done;
      } else {
        const error = this.#state <= SIZE ? this.#sizeByte(byte) : this.#extensionByte(byte);
        if (error !== undefined) return error;
      }
    }
    return false;
  }

  #data(input: ReceiveBuffer): Buffer {
    const start = input.pos;
    input.pos = Math.min(input.end, start + this.#size);
    this.#size -= input.pos - start;
    if (this.#size === 0) this.#state = DATA_CR;
    return input.bytes.subarray(start, input.pos);
  }

  #endOfSizeLine(): boolean | HttpError {
    this.#digits = 0;
    if (this.#size === 0) return true;
    this.#bodyBytes += this.#size;
    if (this.#bodyBytes > this.limits.maxBodyBytes) return new HttpError("BODY_TOO_LARGE");
    this.#state = DATA;
    return false;
  }

  #sizeByte(byte: number): HttpError | undefined {
    if ((BYTES[byte] & HEX) !== 0) {
      this.#size = this.#size * 16 + hexValue(byte);
      this.#state = SIZE;
      const tooLong = ++this.#digits > MAX_SIZE_DIGITS || this.#size > Number.MAX_SAFE_INTEGER;
      return tooLong ? new HttpError("BAD_CHUNK_SIZE") : undefined;
    }
    if (this.#state === SIZE_START) return new HttpError("BAD_CHUNK_SIZE");
    return this.#next(byte, isBlank(byte) ? BEFORE_SEMICOLON : -1, "BAD_CHUNK_SIZE");
  }

  #extensionByte(byte: number): HttpError | undefined {
    if (++this.#extensionBytes > this.limits.maxChunkExtensionBytes) {
      return new HttpError("LONG_CHUNK_EXTENSIONS");
    }
    const isToken = (BYTES[byte] & TCHAR) !== 0;
    const blank = isBlank(byte);
    switch (this.#state) {
      case NAME_START:
        return this.#go(byte, isToken ? NAME : blank ? NAME_START : -1);
      case NAME:
        if (isToken) return undefined;
        if (byte === EQUALS) return this.#go(byte, VALUE_START);
        return this.#next(byte, blank ? AFTER_NAME : -1);
      case AFTER_NAME:
        if (byte === EQUALS) return this.#go(byte, VALUE_START);
        return this.#go(byte, byte === SEMICOLON ? NAME_START : blank ? AFTER_NAME : -1);
      case VALUE_START:
        if (byte === DQUOTE) return this.#go(byte, QUOTED_VALUE);
        return this.#go(byte, isToken ? TOKEN_VALUE : blank ? VALUE_START : -1);
      case TOKEN_VALUE:
        return isToken ? undefined : this.#next(byte, blank ? BEFORE_SEMICOLON : -1);
      case QUOTED_VALUE:
        if ((BYTES[byte] & QUOTED) !== 0) return undefined;
        if (byte === DQUOTE) return this.#go(byte, AFTER_QUOTED);
        return this.#go(byte, byte === BACKSLASH ? QUOTED_PAIR : -1);
      case QUOTED_PAIR:
        return this.#go(byte, (BYTES[byte] & VALUE) !== 0 ? QUOTED_VALUE : -1);
      case AFTER_QUOTED:
        return this.#next(byte, blank ? BEFORE_SEMICOLON : -1);
      default:
        // Blanks that no extension follows are not in the grammar.
        return this.#go(byte, byte === SEMICOLON ? NAME_START : blank ? BEFORE_SEMICOLON : -1);
    }
  }

  /** Where an element is whole: the line may end, or an extension follow. */
  #next(
    byte: number,
    otherwise: number,
    code: "BAD_CHUNK_SIZE" | "BAD_CHUNK_EXTENSION" = "BAD_CHUNK_EXTENSION",
  ): HttpError | undefined {
    if (byte === CR) return this.#go(byte, SIZE_LF);
    return this.#go(byte, byte === SEMICOLON ? NAME_START : otherwise, code);
  }

  #go(
    byte: number,
    state: number,
    code: "BAD_CHUNK_SIZE" | "BAD_CHUNK_EXTENSION" = "BAD_CHUNK_EXTENSION",
  ): HttpError | undefined {
    if (state < 0) return new HttpError(byte === LF ? "BARE_LF" : code);
    this.#state = state;
    return undefined;
  }
}
