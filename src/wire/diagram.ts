/** A diagram before it is drawn: participants, and rows from top to bottom. */
import type { RecordedBytes } from "./recording-data";

export interface Participant {
  readonly name: string;
  /** Its address, where that tells something and is the same in every run. */
  readonly address?: string;
  /** Not a socket of this process, or unknown. */
  readonly outside: boolean;
}

/** `before`, then the bytes in quotes if there are any, then `after`. */
export interface Label {
  readonly before?: string;
  readonly data?: RecordedBytes;
  readonly after?: string;
}

export type ArrowStyle = "connect" | "data" | "close" | "half-close" | "reset" | "datagram";

export interface Arrow {
  readonly kind: "arrow";
  /** Indices of participants. */
  readonly from: number;
  readonly to: number;
  readonly style: ArrowStyle;
  /** It does not get there. */
  readonly lost: boolean;
}

export interface Note {
  readonly kind: "note";
  readonly at: number;
  readonly tone: "plain" | "wait" | "error";
}

/** Something that both share from here on: an established connection. */
export interface Span {
  readonly kind: "span";
  readonly from: number;
  readonly to: number;
}

/** Across the whole diagram: what is left out, or the frame of a repeat. */
export interface Rule {
  readonly kind: "gap" | "repeat" | "end of repeat";
}

export type Row = (Arrow | Note | Span | Rule) & { readonly label: Label; readonly time?: number };

/** A participant waits in a call from one row to another; to the end if nothing ended it. */
export interface Bar {
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

export interface Diagram {
  readonly participants: readonly Participant[];
  readonly rows: readonly Row[];
  readonly bars: readonly Bar[];
}

export function withoutTimes(diagram: Diagram): Diagram {
  return { ...diagram, rows: diagram.rows.map((row) => ({ ...row, time: undefined })) };
}
