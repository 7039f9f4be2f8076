/**
 * Cuts a zone file into entries (RFC 1035, 5.1):
 *
 *     ;    begins a comment, to the end of the line
 *     ( )  join the lines between them
 *     " "  quote a string, in which these have no meaning
 *     \X   takes X as it is
 */
import { DnsError } from "./dns-error";

export interface ZoneEntry {
  /** Of its first line, from 1. */
  readonly line: number;
  /** The first word, in the first column: a name or a directive. Without one the last name stays. */
  readonly hasOwner: boolean;
  readonly words: readonly string[];
}

/** A quoted string, a comment, a parenthesis, the end of a line, blanks, or a word. */
const PIECE =
  /(?<quoted>"(?:[^"\\\n]|\\[^\n])*"?)|(?<comment>;[^\n]*)|(?<sign>[()\n])|(?<blank>[^\S\n]+)|(?<word>(?:[^\s"();\\]|\\[^\n])+|\\)/g;

/** @throws DnsError OPEN_QUOTE, OPEN_PARENTHESIS, naming the line */
export function* zoneEntries(text: string): Generator<ZoneEntry> {
  let line = 1;
  let depth = 0;
  let column = 0;
  let entry: { line: number; hasOwner: boolean; words: string[] } | undefined;
  for (const { 0: piece, groups = {} } of `${text}\n`.matchAll(PIECE)) {
    if (groups.quoted !== undefined && !/^"(?:[^"\\]|\\.)*"$/.test(piece)) {
      throw new DnsError("OPEN_QUOTE", `line ${line}`);
    }
    if (groups.quoted !== undefined || groups.word !== undefined) {
      entry ??= { line, hasOwner: column === 0, words: [] };
      entry.words.push(piece);
    } else if (piece === "(") depth++;
    else if (piece === ")" && --depth < 0) throw new DnsError("OPEN_PARENTHESIS", `line ${line}`);
    column++;
    if (piece !== "\n") continue;
    line++;
    if (depth > 0) continue;
    column = 0;
    if (entry !== undefined) yield entry;
    entry = undefined;
  }
  if (depth > 0) throw new DnsError("OPEN_PARENTHESIS", `line ${entry?.line ?? line}`);
}
