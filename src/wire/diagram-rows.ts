/** The rows of a diagram while it is being built. */

import type { ArrowStyle, Label, Note, Row } from "./diagram";
import type { Participants } from "./participants";

export class DiagramRows {
  readonly all: Row[] = [];
  readonly participants: Participants;

  constructor(participants: Participants) {
    this.participants = participants;
  }

  /** The index of the last row. */
  get last(): number {
    return this.all.length - 1;
  }

  /** Each of these returns the index of the new row. */
  note(socket: number, tone: Note["tone"], text: string | Label, time?: number): number {
    const label = typeof text === "string" ? { before: text } : text;
    return this.#add({ kind: "note", at: this.participants.of(socket), tone, label, time });
  }

  arrow(
    from: number,
    to: number,
    style: ArrowStyle,
    label: Label,
    time: number,
    lost = false,
  ): number {
    return this.#add({ kind: "arrow", from, to, style, lost, label, time });
  }

  span(from: number, to: number, text: string, time: number): number {
    return this.#add({ kind: "span", from, to, label: { before: text }, time });
  }

  gap(text: string): number {
    return this.#add({ kind: "gap", label: { before: text } });
  }

  #add(row: Row): number {
    return this.all.push(row) - 1;
  }
}
