/** The lines of content that is read in pieces. */

import { StringDecoder } from "node:string_decoder";
import type { Content } from "./content";
import {
  FOUND_LINE_MAX_CHARACTERS,
  FOUND_MAX_CHARACTERS,
  FOUND_MAX_LINES,
  LINE_MAX_CHARACTERS,
} from "./limits";

export interface FoundLines {
  readonly lines: string[];
  /** True when there are more than are shown. */
  readonly more?: true;
}

/**
 * The lines of a text in UTF-8, without their ends, in groups: those of one piece. Of a line longer than
 * LINE_MAX_CHARACTERS only that much is kept.
 * @throws what reading the content throws
 */
export async function* linesOf(content: Content): AsyncGenerator<string[]> {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  for await (const piece of content.pieces()) {
    const lines = (rest + decoder.write(Buffer.from(piece))).split("\n");
    rest = (lines.pop() ?? "").slice(0, LINE_MAX_CHARACTERS);
    yield lines.map(tidy);
  }
  const last = rest + decoder.end();
  if (last !== "") yield [tidy(last)];
}

function tidy(line: string): string {
  const kept = line.slice(0, LINE_MAX_CHARACTERS);
  return kept.endsWith("\r") ? kept.slice(0, -1) : kept;
}

/**
 * The lines that contain a text, as they are shown, the longest cut off. What is searched is what is shown:
 * a secret that is hidden cannot be guessed at either.
 * @param turn called between two groups of lines, so that the caller can let others have their turn
 */
export async function findLines(
  content: Content,
  text: string,
  show: (line: string) => string,
  turn: () => Promise<void>,
): Promise<FoundLines> {
  const lines: string[] = [];
  let characters = 0;
  for await (const group of linesOf(content)) {
    for (const line of group) {
      const shown = show(line);
      if (!shown.includes(text)) continue;
      const part = shown.slice(0, FOUND_LINE_MAX_CHARACTERS);
      characters += part.length;
      if (lines.length === FOUND_MAX_LINES || characters > FOUND_MAX_CHARACTERS) {
        return { lines, more: true };
      }
      lines.push(part === shown ? shown : `${part}…`);
    }
    await turn();
  }
  return { lines };
}
