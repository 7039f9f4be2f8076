/**
 * Hides secrets in configurations of network devices, line for line: passwords, community strings, keys.
 * What follows the word that announces a secret is hidden to the end of the line, since a secret may
 * have blanks in it. No list of such words is complete: to mask is a courtesy, and no protection.
 */

import { LINE_MAX_CHARACTERS } from "./limits";
import {
  after,
  announces,
  NO_SETTING,
  plainWord,
  SECRET_SHAPE,
  type Setting,
} from "./secret-words";

export const MASK = "<masked>";

/** Words of a line lie between blanks, quotes and the signs of JSON, YAML, XML and Junos. */
const WORD = /[^\s"'=:;,{}[\]<>/]+/g;

/** Between the word and its secret: the end of a quotation or of a tag, a sign, how the secret is encoded. */
const BETWEEN = /["']?[ \t]*[:=>]?[ \t]*(?:(?:[0-9]|ENC)[ \t]+(?=\S))?/y;
const NEXT = /["']?([^\s"';,<>]*)/y;
const ENCRYPTED = /^\s*set\s+\S+\s+ENC\s+(?=\S{8})/;

const KEY_BEGINS = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----/;
const KEY_ENDS = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY-----/;
/** An element of XML whose content is on the lines that follow. */
const ELEMENT_BEGINS = /^\s*<([\w:.-]{1,64})>\s*$/;

/**
 * Makes a function that is given the lines of one text in order, and returns each with its secrets hidden. It
 * takes time in proportion to the line; what a line has beyond LINE_MAX_CHARACTERS is hidden without a look.
 */
export function masker(): (line: string) => string {
  /** The line that ends a secret of several lines. */
  let end: RegExp | undefined;
  /** Of the last line without indentation: what is indented belongs to it. */
  let section = NO_SETTING;
  return (whole) => {
    const line = whole.slice(0, LINE_MAX_CHARACTERS);
    if (end !== undefined) {
      if (!end.test(line)) return hideFrom(whole, 0);
      end = undefined;
      return whole;
    }
    if (KEY_BEGINS.test(line)) {
      if (KEY_ENDS.test(line)) return hideFrom(whole, 0);
      end = KEY_ENDS;
      return whole;
    }
    const element = ELEMENT_BEGINS.exec(line)?.[1];
    if (element !== undefined && announces(plainWord(element), "", "?", false, NO_SETTING)) {
      end = /^\s*<\//;
      return whole;
    }
    const isIndented = /^\s/.test(line);
    const { from, setting } = findSecret(line, isIndented ? section : NO_SETTING);
    if (!isIndented && line.trim() !== "") section = setting;
    if (from < line.length) return hideFrom(whole, from);
    return whole.length > line.length ? hideFrom(whole, line.length) : whole;
  };
}

/** Where the secret of a line begins; Infinity when it has none. */
function findSecret(line: string, section: Setting): { from: number; setting: Setting } {
  let setting = section;
  let from = SECRET_SHAPE.exec(line)?.index ?? Number.POSITIVE_INFINITY;
  const encrypted = ENCRYPTED.exec(line);
  if (encrypted !== null) from = Math.min(from, encrypted[0].length);
  const isMarked = line.includes("SECRET-DATA"); // Junos says so itself
  let previous = "";
  for (const match of line.matchAll(WORD)) {
    const word = plainWord(match[0]);
    BETWEEN.lastIndex = (match.index ?? 0) + match[0].length;
    const between = BETWEEN.exec(line)?.[0] ?? "";
    const at = (match.index ?? 0) + match[0].length + between.length;
    if (at > from) break;
    NEXT.lastIndex = at;
    const next = line.startsWith("/>", at) ? "" : (NEXT.exec(line)?.[1] ?? "");
    const isEncoded = /[0-9]|ENC/.test(between);
    const isSecret =
      isMarked || (next !== "" && announces(word, previous, next, isEncoded, setting));
    if (isSecret && /\S/.test(line.slice(at, at + 2))) from = at;
    setting = after(setting, word);
    previous = word;
  }
  return { from, setting };
}

function hideFrom(line: string, at: number): string {
  return `${line.slice(0, at)}${MASK}${line.endsWith("\r") ? "\r" : ""}`;
}
