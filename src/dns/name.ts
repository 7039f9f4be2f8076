/**
 * Domain names as text: absolute, with a dot at the end (`core-1.lab.example.`; the root is `.`). Bytes that
 * have a meaning in zone files are written with a backslash, others that are not printable as `\DDD`.
 *
 *     <domain-name> = <label> *("." <label>) "."      ; RFC 1035, 5.1
 *     \X            = the character X itself
 *     \DDD          = the byte with this decimal number
 */
import { DnsError } from "./dns-error";
import { LABEL_MAX_BYTES, NAME_MAX_BYTES } from "./limits";

const BACKSLASH = 0x5c;
const SPECIAL = new Set(Array.from('.\\"();@$', (sign) => sign.charCodeAt(0)));
/** Bytes that a name's text shows as they are. */
const PLAIN = Array.from(
  { length: 256 },
  (_, byte) => byte > 0x20 && byte < 0x7f && !SPECIAL.has(byte),
);

/** A label as text: `a.b`, which has a dot inside, is `a\.b`. */
export function labelText(bytes: Buffer, start: number, end: number): string {
  for (let at = start; at < end; at++) if (!PLAIN[bytes[at]]) return escaped(bytes, start, end);
  return bytes.toString("latin1", start, end);
}

function escaped(bytes: Buffer, start: number, end: number): string {
  let text = "";
  for (let at = start; at < end; at++) {
    const byte = bytes[at];
    if (PLAIN[byte]) text += String.fromCharCode(byte);
    else if (SPECIAL.has(byte)) text += `\\${String.fromCharCode(byte)}`;
    else text += `\\${String(byte).padStart(3, "0")}`;
  }
  return text;
}

/** The labels of an absolute name, each as text; the root has none. @throws DnsError NOT_ABSOLUTE */
export function labelsOf(name: string): string[] {
  if (name === ".") return [];
  const labels = name.includes("\\") ? splitEscaped(name) : name.split(".");
  if (labels.pop() !== "") throw new DnsError("NOT_ABSOLUTE", JSON.stringify(name));
  return labels;
}

function splitEscaped(name: string): string[] {
  const labels: string[] = [];
  let start = 0;
  for (let at = 0; at < name.length; at++) {
    if (name[at] === "\\") at++;
    else if (name[at] === ".") {
      labels.push(name.slice(start, at));
      start = at + 1;
    }
  }
  labels.push(name.slice(start));
  return labels;
}

/** Labels as a name. */
export function joinLabels(labels: readonly string[]): string {
  return labels.length === 0 ? "." : `${labels.join(".")}.`;
}

/** The bytes that a label's text stands for. @throws DnsError BAD_ESCAPE, BAD_CHARACTER */
export function labelBytes(label: string): Buffer {
  if (/^[!-[\]-~]*$/.test(label)) return Buffer.from(label, "latin1"); // nothing escaped
  const bytes: number[] = [];
  for (let at = 0; at < label.length; at++) {
    let code = label.charCodeAt(at);
    if (code === BACKSLASH) {
      const digits = /^\d{3}/.exec(label.slice(at + 1, at + 4))?.[0];
      if (digits !== undefined) code = Number(digits);
      else code = /\d/.test(label[at + 1] ?? "") ? Number.NaN : label.charCodeAt(at + 1);
      at += digits === undefined ? 1 : 3;
      if (!(code <= 0xff)) throw new DnsError("BAD_ESCAPE", label);
    } else if (code <= 0x20 || code >= 0x7f)
      throw new DnsError("BAD_CHARACTER", JSON.stringify(label));
    bytes.push(code);
  }
  return Buffer.from(bytes);
}

/**
 * Reads a name that a person wrote; without a dot at the end it is relative to `origin`, and `@` is the
 * origin itself.
 * @returns the absolute name, in the one spelling that this module uses
 * @throws DnsError EMPTY_LABEL, LONG_LABEL, LONG_NAME, BAD_ESCAPE, BAD_CHARACTER
 */
export function parseName(text: string, origin = "."): string {
  if (text === "@") return origin;
  if (text === ".") return text;
  if (text === "") throw new DnsError("EMPTY_LABEL", '""');
  const parts = splitEscaped(text);
  const absolute = parts.at(-1) === "";
  if (absolute) parts.pop();
  const labels = parts.map((part) => {
    const bytes = labelBytes(part);
    if (bytes.length === 0) throw new DnsError("EMPTY_LABEL", text);
    if (bytes.length > LABEL_MAX_BYTES) throw new DnsError("LONG_LABEL", part);
    return labelText(bytes, 0, bytes.length);
  });
  const name = joinLabels(absolute ? labels : [...labels, ...labelsOf(origin)]);
  if (wireLength(name) > NAME_MAX_BYTES) throw new DnsError("LONG_NAME", text);
  return name;
}

/** Bytes of a name on the wire, uncompressed. */
export function wireLength(name: string): number {
  return labelsOf(name).reduce((sum, label) => sum + 1 + labelBytes(label).length, 1);
}

/** The form to compare names by: upper and lower case of ASCII are one (RFC 4343). */
export function canonicalName(name: string): string {
  return name.toLowerCase();
}

/** True when both are one name, in whatever case. */
export function sameName(a: string, b: string): boolean {
  return a === b || canonicalName(a) === canonicalName(b);
}

/** True when `name` is `ancestor`, or lies below it. */
export function isWithin(name: string, ancestor: string): boolean {
  if (ancestor === ".") return true;
  const [below, above] = [canonicalName(name), canonicalName(ancestor)];
  const start = below.length - above.length;
  if (start <= 0 || !below.endsWith(above)) return below === above;
  // The dot before it must part two labels: one behind an odd number of backslashes belongs to a label.
  const backslashes = /\\*$/.exec(below.slice(0, start - 1))?.[0].length ?? 0;
  return below[start - 1] === "." && backslashes % 2 === 0;
}

/** The name without its first label; undefined for the root. */
export function parentOf(name: string): string | undefined {
  return name === "." ? undefined : joinLabels(labelsOf(name).slice(1));
}
