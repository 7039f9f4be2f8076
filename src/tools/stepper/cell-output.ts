/** What a cell has printed and shown: kept in bounded memory, however much it is. */
import type { Output } from "../kernel/client";
import type { CellFailure } from "../notebook/run";

/** Of each cell the beginning and the end are kept; the middle is counted. */
const HEAD_CHARS = 200_000;
const TAIL_CHARS = 200_000;
/** What a piece takes beside its text. */
const PIECE_COST_CHARS = 64;
/** Small pieces of one stream are joined up to this. */
const JOIN_CHARS = 4_000;

export interface TextPiece {
  readonly kind: "stdout" | "stderr";
  /** Came after its cell had ended. */
  readonly late: boolean;
  text: string;
}

/** A display or a result; `data` by media type. */
export interface DisplayPiece {
  readonly kind: "display";
  readonly late: boolean;
  data: Readonly<Record<string, unknown>>;
  readonly displayId?: string;
}

/** Stands where pieces were dropped. */
export interface GapPiece {
  readonly kind: "gap";
  readonly late: false;
  readonly lines: number;
}

export type Piece = TextPiece | DisplayPiece | GapPiece;

export class CellOutput {
  #head: (TextPiece | DisplayPiece)[] = [];
  #headChars = 0;
  #tail: (TextPiece | DisplayPiece)[] = [];
  #tailChars = 0;
  #droppedLines = 0;
  #dropped = false;
  #full = false;
  /** Changes with every output. */
  version = 0;
  /** The cell's error, when it ended with one. */
  failure: CellFailure | undefined;

  get pieces(): Piece[] {
    const gap: GapPiece[] = this.#dropped
      ? [{ kind: "gap", late: false, lines: this.#droppedLines }]
      : [];
    return [...this.#head, ...gap, ...this.#tail];
  }

  add(output: Output, late = false): void {
    this.version++;
    switch (output.output_type) {
      case "stream":
        for (let at = 0; at < output.text.length; at += TAIL_CHARS) {
          this.#addText(output.name, output.text.slice(at, at + TAIL_CHARS), late);
        }
        return;
      case "error":
        this.failure = output;
        return;
      case "update_display_data": {
        const id = output.transient?.display_id;
        for (const piece of [...this.#head, ...this.#tail]) {
          if (piece.kind === "display" && id !== undefined && piece.displayId === id) {
            piece.data = output.data;
          }
        }
        return;
      }
      default: {
        const displayId = "transient" in output ? output.transient?.display_id : undefined;
        const { data } = output;
        this.#push({ kind: "display", late, data, ...(displayId !== undefined && { displayId }) });
      }
    }
  }

  #addText(kind: "stdout" | "stderr", text: string, late: boolean): void {
    const last = this.#full ? this.#tail.at(-1) : this.#head.at(-1);
    if (
      last?.kind === kind &&
      last.late === late &&
      last.text.length + text.length <= JOIN_CHARS &&
      text.length < JOIN_CHARS
    ) {
      last.text += text;
      this.#count(text.length);
      return;
    }
    this.#push({ kind, late, text });
  }

  #push(piece: TextPiece | DisplayPiece): void {
    if (this.#full) this.#tail.push(piece);
    else this.#head.push(piece);
    this.#count(costOf(piece));
  }

  #count(chars: number): void {
    if (!this.#full) {
      this.#headChars += chars;
      this.#full = this.#headChars >= HEAD_CHARS;
      return;
    }
    this.#tailChars += chars;
    let gone = 0;
    while (this.#tailChars > TAIL_CHARS && gone < this.#tail.length - 1) {
      const piece = this.#tail[gone++];
      if (!piece) break;
      this.#tailChars -= costOf(piece);
      this.#droppedLines += piece.kind === "display" ? 1 : lineEnds(piece.text);
      this.#dropped = true;
    }
    if (gone > 0) this.#tail.splice(0, gone);
  }
}

function costOf(piece: TextPiece | DisplayPiece): number {
  const size = piece.kind === "display" ? JSON.stringify(piece.data).length : piece.text.length;
  return size + PIECE_COST_CHARS;
}

export function lineEnds(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count++;
  return count;
}
