/** The ports to probe: `22,80,8000-8100`, `common` or `all`; and back to text, as ranges. */
import { UsageError } from "../program/failures";
import { PORT_MAX } from "../sockets/limits";
import { COMMON_PORTS } from "./common-ports";

const WORDS: Readonly<Record<string, () => readonly number[]>> = {
  common: () => COMMON_PORTS.map(({ port }) => port),
  all: () => Array.from({ length: PORT_MAX }, (_, i) => i + 1),
};

/**
 * Reads a list of ports, ranges and the words `common` and `all`; returns each port once, rising.
 * `8000-` goes to the end, `-1023` begins at 1, `-` is all.
 *
 * @throws UsageError that names the part which is no port
 */
export function parsePorts(text: string): number[] {
  const wanted = new Uint8Array(PORT_MAX + 1);
  for (const part of text.split(",").map((one) => one.trim())) {
    const word = Object.hasOwn(WORDS, part) ? WORDS[part] : undefined;
    for (const port of word ? word() : range(part)) wanted[port] = 1;
  }
  const ports: number[] = [];
  for (let port = 1; port <= PORT_MAX; port += 1) if (wanted[port]) ports.push(port);
  return ports;
}

function range(part: string): number[] {
  const [, from, dash, to] = /^(\d{0,5})(-?)(\d{0,5})$/.exec(part) ?? [];
  const first = from === "" && dash === "-" ? 1 : Number(from || Number.NaN);
  const last = dash === "-" ? (to === "" ? PORT_MAX : Number(to)) : first;
  if (!isPort(first) || !isPort(last)) {
    throw new UsageError(
      `--ports: ${JSON.stringify(part)} is no port or range of 1 to ${PORT_MAX}; write it like 22,80,8000-8100, or "common", or "all"`,
    );
  }
  if (last < first) throw new UsageError(`--ports: the range ${part} ends before it begins`);
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

function isPort(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= PORT_MAX;
}

/** Rising ports as `parsePorts` reads them: `[1, 2, 3, 22]` is `1-3,22`. */
export function formatPorts(ports: readonly number[]): string {
  const ranges: [first: number, last: number][] = [];
  for (const port of ports) {
    const open = ranges.at(-1);
    if (open?.[1] === port - 1) open[1] = port;
    else ranges.push([port, port]);
  }
  return ranges.map(([first, last]) => (first === last ? first : `${first}-${last}`)).join(",");
}
