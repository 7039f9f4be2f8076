/**
 * What may differ between two runs of a cell and still be the same output. Each sanitizer is a named
 * pattern; a comparison applies all of them to both sides. The order matters: dates before clock times.
 */
import { type Cell, cellTags } from "./format";

export interface Sanitizer {
  readonly name: string;
  readonly pattern: RegExp;
  readonly replacement: string;
}

const MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)";
const DAY = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)";
const CLOCK = "\\d{1,2}:\\d{2}:\\d{2}(?:[.,]\\d+)?";

/** Applied to every output. */
export const SANITIZERS: readonly Sanitizer[] = [
  {
    // 2026-11-23T02:04:05.678Z, 2026-11-23 02:04:05, 2026-11-23 (RFC 3339)
    name: "ISO date",
    pattern: new RegExp(
      `\\b\\d{4}-\\d{2}-\\d{2}(?:[T ]${CLOCK}(?:Z|[+-]\\d{2}:?\\d{2})?|(?![\\d-]))`,
      "g",
    ),
    replacement: "<date>",
  },
  {
    // Mon, 23 Nov 2026 02:04:05 GMT (RFC 9110 section 5.6.7), Mon Nov 23 2026 02:04:05 GMT+0000 (Date.toString)
    name: "HTTP date",
    pattern: new RegExp(
      `\\b${DAY},? (?:\\d{2} ${MONTH}|${MONTH} \\d{2}) \\d{4} ${CLOCK}(?: GMT(?:[+-]\\d{4})?(?: \\([^)]*\\))?)?`,
      "g",
    ),
    replacement: "<date>",
  },
  {
    // Nov 23 02:04:05 (RFC 3164)
    name: "syslog date",
    pattern: new RegExp(`\\b${MONTH} [ \\d]\\d ${CLOCK}`, "g"),
    replacement: "<date>",
  },
  {
    name: "clock time",
    pattern: new RegExp(`\\b${CLOCK}(?:Z| [AP]M)?(?![\\d:])`, "g"),
    replacement: "<time>",
  },
  {
    // 12 ms, 0.53 s, 3.2µs, 4 seconds: with the blanks that align it. Not "200 OK" nor "2 streams".
    name: "duration",
    pattern:
      /[ \t]*(?<![\w.:])\d+(?:\.\d+)?(?:[ \u00a0]?(?:ns|µs|μs|us|ms)| ?s| (?:milli|micro|nano)?seconds?| min(?:utes?)?)\b/g,
    replacement: " <duration>",
  },
  {
    // curl/8.5.0, Apache/2.4.57, v20.20.2; not HTTP/1.1
    name: "software version",
    pattern: /\b([A-Za-z][\w-]*\/|v)\d+\.\d+\.\d+\b/g,
    replacement: "$1<version>",
  },
  {
    // The number after pid, PID or process id: "pid 4711", "pid=4711", "(pid: 4711)", <14>app[4711]:
    name: "process id",
    pattern:
      /\b((?:[Pp][Ii][Dd]|[Pp]rocess(?: id)?)["']?[ :=]{1,2}|[a-z_][\w-]*\[(?=\d+\]:))\d+\b/g,
    replacement: "$1<pid>",
  },
  {
    // 127.0.0.1:40123, localhost:40123, [::1]:40123, port 40123, ('127.0.0.1', 40123), "port": 40123. A port
    // of the lab (8080, 9090, 8000) may stand where another run has one that the system chose. Well-known
    // ports (below 1024) are kept: the system never chooses them.
    name: "port",
    pattern:
      /((?:\b(?:\d{1,3}\.){3}\d{1,3}|\blocalhost|\[[0-9a-f:.]*\]|\*|\bports?\b|Ports?\b)["']?(?::|,|=)?["']? ?)(?:102[4-9]|10[3-9]\d|1[1-9]\d\d|[2-9]\d{3}|[1-5]\d{4}|6[0-5]\d{3})\b/g,
    replacement: "$1<port>",
  },
  { name: "alignment after a port", pattern: /<port>[ \t]+/g, replacement: "<port> " },
];

/** Applied only to a cell that carries the sanitizer's name as a tag. */
export const SANITIZERS_BY_TAG: readonly Sanitizer[] = [
  { name: "sanitize-numbers", pattern: /\d+(?:[.,]\d+)*/g, replacement: "<number>" },
  { name: "sanitize-blanks", pattern: /[ \t]+/g, replacement: " " },
];

/** A cell with this tag prints its lines in an order that differs between runs. */
export const LINE_ORDER_TAG = "sanitize-line-order";
/** A cell with this tag says something about the machine: it must run without an error, but may say anything. */
export const OUTPUT_VARIES_TAG = "output-varies";

/** The text with everything replaced that may differ between two runs of the cell. */
export function sanitize(text: string, cell?: Cell): string {
  const tags = cell ? cellTags(cell) : [];
  const byTag = SANITIZERS_BY_TAG.filter(({ name }) => tags.includes(name));
  let result = text;
  for (const { pattern, replacement } of [...SANITIZERS, ...byTag]) {
    result = result.replace(pattern, replacement);
  }
  return tags.includes(LINE_ORDER_TAG) ? result.split("\n").sort().join("\n") : result;
}
