/**
 * Hides secrets in configurations of network devices, line for line: passwords, community strings, keys.
 * What follows the word that announces a secret is hidden to the end of the line, since a secret may
 * have blanks in it. No list of such words is complete: to mask is a courtesy, and no protection.
 */

export const MASK = "<masked>";

/** Announce a secret wherever they stand, also as the last part of a name: `db_password`. */
const ALWAYS =
  /(?:^|[_.-])(?:password|passwd|passphrase|secret|token|api[_-]?key|apikey|key-string|pre-shared-key|psk|psksecret|ascii-text|authentication-key|message-digest-key)$/;

/** Words of a line are what stands between blanks, quotes and the signs of JSON, YAML and Junos. */
const WORD = /[^\s"'=:;,{}[\]]+/g;

/** Between the word and its secret: the end of a quotation, a sign, how the secret is encoded. */
const BETWEEN = /["']?[ \t]*[:=]?[ \t]*(?:(?:[0-9]|ENC)[ \t]+(?=\S))?/y;

const KEYED = new Set(["tacacs-server", "radius-server", "tacacs", "radius", "isakmp", "ntp"]);
const KEY_BEGINS = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----/;
const KEY_ENDS = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY-----/;

/** As many lines as came, their secrets hidden. Takes time in proportion to the text. */
export function maskLines(lines: readonly string[]): string[] {
  let inKey = false;
  return lines.map((line) => {
    if (inKey) {
      inKey = !KEY_ENDS.test(line);
      return inKey ? hideFrom(line, 0) : line;
    }
    if (KEY_BEGINS.test(line)) {
      inKey = !KEY_ENDS.test(line);
      return inKey ? line : hideFrom(line, 0);
    }
    return maskLine(line);
  });
}

function maskLine(line: string): string {
  const marked = line.includes("SECRET-DATA"); // Junos says so itself
  const seen: SeenWords = { previous: "", isSnmp: false, isKeyed: false };
  for (const match of line.matchAll(WORD)) {
    const word = match[0].toLowerCase();
    const end = (match.index ?? 0) + word.length;
    BETWEEN.lastIndex = end;
    BETWEEN.exec(line);
    const from = BETWEEN.lastIndex;
    const isEncoded = /[0-9]/.test(line.slice(end, from));
    const isSecret = marked || announces(word, seen, isEncoded);
    if (isSecret && /\S/.test(line.slice(from))) return hideFrom(line, from);
    seen.previous = word;
    seen.isSnmp ||= word === "snmp" || word === "snmp-server";
    seen.isKeyed ||= KEYED.has(word);
  }
  return line;
}

/** What the words before say about the next. */
interface SeenWords {
  previous: string;
  isSnmp: boolean;
  isKeyed: boolean;
}

/** Whether a word announces a secret. */
function announces(word: string, { previous, isSnmp, isKeyed }: SeenWords, isEncoded: boolean) {
  if (ALWAYS.test(word)) return true;
  if (word === "community" || word === "auth" || word === "priv" || word === "host") return isSnmp;
  if (word === "key") return isKeyed || isEncoded;
  return word === "text" && previous === "authentication";
}

function hideFrom(line: string, at: number): string {
  return `${line.slice(0, at)}${MASK}${line.endsWith("\r") ? "\r" : ""}`;
}
