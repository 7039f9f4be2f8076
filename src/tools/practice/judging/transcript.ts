/** What two programs said to each other, for a person to read: `>` was sent, `<` received, `*` happened, as in `curl -v`. */
import { printable } from "../../../program/safe-text";

const SHOWN_MAX_LINES = 30;
const SHOWN_LINE_MAX_CHARACTERS = 200;

type Kind = ">" | "<" | "*";

export class Transcript {
  readonly #entries: { kind: Kind; bytes: Buffer }[] = [];

  /** As it is now; to show it costs time, which only a failure is worth. */
  copy(): Transcript {
    const copy = new Transcript();
    for (const entry of this.#entries) copy.#entries.push({ ...entry });
    return copy;
  }

  sent(bytes: string | Uint8Array): void {
    this.#add(">", bytes);
  }

  received(bytes: string | Uint8Array): void {
    this.#add("<", bytes);
  }

  /** Something that is not bytes: `the server closed the connection`. */
  note(text: string): void {
    this.#add("*", text);
  }

  /** Bytes of one direction that follow each other belong together, however they were cut. */
  #add(kind: Kind, data: string | Uint8Array): void {
    const bytes = Buffer.from(data as Uint8Array);
    const last = this.#entries.at(-1);
    if (last?.kind === kind && kind !== "*") last.bytes = Buffer.concat([last.bytes, bytes]);
    else this.#entries.push({ kind, bytes });
  }

  toString(): string {
    return this.#entries
      .flatMap(({ kind, bytes }) =>
        kind === "*" ? [`* ${printable(String(bytes))}`] : shown(bytes, kind),
      )
      .join("\n");
  }
}

function shown(bytes: Buffer, kind: Kind): string[] {
  const lines = visibleLines(bytes);
  const first = lines.slice(0, SHOWN_MAX_LINES).map((line) => `${kind} ${shortened(line)}`);
  if (lines.length <= SHOWN_MAX_LINES) return first;
  return [...first, `${kind} … and ${lines.length - SHOWN_MAX_LINES} more lines`];
}

function shortened(line: string): string {
  if (line.length <= SHOWN_LINE_MAX_CHARACTERS) return line;
  const more = line.length - SHOWN_LINE_MAX_CHARACTERS;
  return `${line.slice(0, SHOWN_LINE_MAX_CHARACTERS)}… and ${more} more characters`;
}

/** A line for each that the bytes hold, its end written as `\r\n` or `\n`. Bytes that are no UTF-8 are shown as Latin-1. */
export function visibleLines(bytes: Uint8Array): string[] {
  return textOf(bytes)
    .split(/(?<=\n)/)
    .filter((line) => line !== "")
    .map((line) => {
      const end = /\r?\n$/.exec(line)?.[0] ?? "";
      const shownEnd = end.replace("\r", "\\r").replace("\n", "\\n");
      return printable(line.slice(0, line.length - end.length)) + shownEnd;
    });
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return Buffer.from(bytes).toString("latin1");
  }
}
