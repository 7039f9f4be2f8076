/**
 * Reads field lines, of a head or of a trailer section, and can stop after any byte.
 *
 *     field-section = *( field-line CRLF ) CRLF               ; RFC 9112, 2.1
 *     field-line    = field-name ":" OWS field-value OWS      ; RFC 9112, 5
 *     OWS           = *( SP / HTAB )                          ; RFC 9110, 5.6.3
 */

import { BYTES, COLON, CR, HTAB, isBlank, LF, SP, TCHAR, VALUE } from "./grammar";
import { HttpError } from "./http-error";
import type { MessageLimits } from "./limits";
import type { ReceiveBuffer } from "./receive-buffer";

const LINE_START = 0;
const NAME = 1;
const BEFORE_VALUE = 2;
const IN_VALUE = 3;
const VALUE_LF = 4;
const SECTION_LF = 5;

/** What a scanner says: true for "read to the end", false for "need more bytes". */
export type Scan = HttpError | boolean;

export abstract class FieldScanner {
  /** Field lines read so far. */
  count = 0;
  /** Where the section starts, counted from the mark of the input. */
  sectionStart = 0;
  #state = LINE_START;
  #lineStart = 0;
  #nameEnd = 0;
  #valueStart = 0;

  constructor(protected readonly limits: MessageLimits) {}

  /** Judges one field line; positions are those of `bytes`. */
  protected abstract judge(
    bytes: Buffer,
    nameStart: number,
    nameEnd: number,
    valueStart: number,
    valueEnd: number,
  ): HttpError | undefined;

  /** Prepares for a section that starts at `input.pos`. */
  begin(input: ReceiveBuffer): void {
    this.count = 0;
    this.#state = LINE_START;
    this.sectionStart = input.pos - input.mark;
  }

  /** Reads on from `input.pos`, up to and with the empty line that ends the section. */
  scan(input: ReceiveBuffer): Scan {
    const { bytes, end, mark } = input;
    const { maxFieldLineBytes, maxFieldSectionBytes, maxFields } = this.limits;
    // Copies: an imported binding costs a look-up each time where modules are compiled to CommonJS.
    const table = BYTES;
    const tchar = TCHAR;
    const valueByte = VALUE;
    const sectionStop = mark + this.sectionStart + maxFieldSectionBytes;
    let pos = input.pos;
    let state = this.#state;
    let lineStart = mark + this.#lineStart;
    let nameEnd = mark + this.#nameEnd;
    let valueStart = mark + this.#valueStart;
    let stop = Math.min(end, sectionStop, lineStart + maxFieldLineBytes);

    while (pos < end) {
      if (state === LINE_START) {
        const byte = bytes[pos];
        if (byte === CR) {
          pos++;
          state = SECTION_LF;
          continue;
        }
        if ((BYTES[byte] & TCHAR) === 0) return this.#badLineStart(byte);
        if (this.count === maxFields) return new HttpError("MANY_FIELDS");
        lineStart = pos;
        stop = Math.min(end, sectionStop, lineStart + maxFieldLineBytes);
        state = NAME;
      }
      if (state === NAME) {
        while (pos < stop && (table[bytes[pos]] & tchar) !== 0) pos++;
        if (pos >= stop) {
          if (pos < end) return new HttpError("LONG_FIELDS");
          break;
        }
        if (bytes[pos] !== COLON) return badName(bytes[pos]);
        nameEnd = pos++;
        state = BEFORE_VALUE;
      }
      if (state === BEFORE_VALUE) {
        while (pos < stop && (bytes[pos] === SP || bytes[pos] === HTAB)) pos++;
        if (pos >= stop) {
          if (pos < end) return new HttpError("LONG_FIELDS");
          break;
        }
        valueStart = pos;
        state = IN_VALUE;
      }
      if (state === IN_VALUE) {
        while (pos < stop && (table[bytes[pos]] & valueByte) !== 0) pos++;
        if (pos === end) break;
        const byte = bytes[pos];
        if (byte !== CR) {
          if (pos >= stop) return new HttpError("LONG_FIELDS");
          return new HttpError(byte === LF ? "BARE_LF" : "BAD_FIELD_VALUE");
        }
        pos++;
        state = VALUE_LF;
        continue;
      }
      if (bytes[pos] !== LF) return new HttpError("BARE_CR");
      if (state === SECTION_LF) {
        input.pos = pos + 1;
        return true;
      }
      let valueEnd = pos - 1;
      pos++;
      while (valueEnd > valueStart && isBlank(bytes[valueEnd - 1])) valueEnd--;
      const error = this.judge(bytes, lineStart, nameEnd, valueStart, valueEnd);
      if (error !== undefined) return error;
      this.count++;
      state = LINE_START;
    }

    input.pos = pos;
    this.#state = state;
    this.#lineStart = lineStart - mark;
    this.#nameEnd = nameEnd - mark;
    this.#valueStart = valueStart - mark;
    return false;
  }

  #badLineStart(byte: number): HttpError {
    if (byte === LF) return new HttpError("BARE_LF");
    if (!isBlank(byte)) return new HttpError("BAD_FIELD_NAME");
    return new HttpError(this.count === 0 ? "SPACE_BEFORE_FIELDS" : "OBS_FOLD");
  }
}

function badName(byte: number): HttpError {
  if (byte === CR) return new HttpError("NO_COLON");
  if (byte === LF) return new HttpError("BARE_LF");
  return new HttpError(isBlank(byte) ? "SPACE_BEFORE_COLON" : "BAD_FIELD_NAME");
}
