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
  const words: string[] = [];
  for (const match of line.matchAll(WORD)) {
    const [word] = match;
    words.push(word.toLowerCase());
    BETWEEN.lastIndex = match.index + word.length;
    BETWEEN.exec(line);
    const from = BETWEEN.lastIndex;
    if (
      (marked || announces(words, line.slice(from, from + 2))) &&
      line.slice(from).trim() !== ""
    ) {
      return hideFrom(line, from);
    }
  }
  return line;
}

/** Whether the last of the words announces a secret. */
function announces(words: readonly string[], isEncoded: boolean): boolean {
  const word = words[words.length - 1];
  if (ALWAYS.test(word)) return true;
  const previous = words[words.length - 2];
  const isSnmp = words[0].startsWith("snmp") || words[1]?.startsWith("snmp");
  switch (word) {
    case "community":
      return isSnmp;
    case "auth":
    case "priv":
    case "host":
      return isSnmp;
    case "key":
      return words.some((one) => KEYED.has(one)) || isEncoded;
    case "text":
      return previous === "authentication";
    default:
      return false;
  }
}

function hideFrom(line: string, at: number): string {
  return `${line.slice(0, at)}${MASK}${line.endsWith("\r") ? "\r" : ""}`;
}
