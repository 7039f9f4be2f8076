/** The lines of content that is read in pieces. */

import { StringDecoder } from "node:string_decoder";
import type { Content } from "./content";
import { LINE_MAX_CHARACTERS } from "./limits";

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
