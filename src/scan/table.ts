/** A report as a table for people. */

import { groupDigits } from "../wire/group-digits";
import { textWidth } from "../wire/width";
import { formatPorts } from "./ports";
import type { HostReport, OpenPort, ScanReport } from "./report";

/** A list of ports longer than this tells a person no more. */
const PORTS_SHOWN_MAX_CHARACTERS = 60;

const HEAD: Row = ["PORT", "STATE", "SERVICE", "SAYS"];

type Row = readonly [port: string, state: string, service: string, says: string];

/** The report as lines; addresses where nothing is open are only counted when there are several. */
export function formatTable(report: ScanReport): string {
  const { hosts, finished, elapsedMs } = report;
  const shown = hosts.length === 1 ? hosts : hosts.filter(({ open }) => open.length > 0);
  const blocks = shown.map(formatHost);
  const hidden = hosts.filter((host) => !shown.includes(host));
  if (hidden.length > 0) {
    const all = hidden.length === hosts.length ? "" : "other ";
    blocks.push(`${hidden.length} ${all}addresses: nothing open\n${notOpen(hidden)}`);
  }
  const open = hosts.reduce((sum, host) => sum + host.open.length, 0);
  const asked = hosts.reduce((sum, host) => sum + countOf(host) - host.unasked.length, 0);
  const ports = `${groupDigits(asked)} ${asked === 1 ? "port" : "ports"} asked`;
  const seconds = `in ${(elapsedMs / 1000).toFixed(2)} s`;
  const end = finished ? `${ports} ${seconds}` : `stopped: ${ports} ${seconds}, the rest unknown`;
  return `${blocks.join("\n\n")}\n\n${end}: ${open} open`;
}

function formatHost(host: HostReport): string {
  const title = host.name === undefined ? host.address : `${host.name} (${host.address})`;
  const lines = host.open.length > 0 ? alignedRows(host.open) : ["nothing open"];
  return [title, ...lines, notOpen([host])].filter(Boolean).join("\n");
}

function alignedRows(open: readonly OpenPort[]): string[] {
  const rows = [HEAD, ...open.map(rowOf)];
  const widths = HEAD.map((_, i) => Math.max(...rows.map((row) => textWidth(row[i] ?? ""))));
  return rows.map((row) =>
    row
      .map((cell, i) => cell + " ".repeat((widths[i] ?? 0) - textWidth(cell)))
      .join("  ")
      .trimEnd(),
  );
}

function rowOf({ port, service, banner, server }: OpenPort): Row {
  const says = banner ?? (server === undefined ? "" : `Server: ${server}`);
  return [String(port), "open", service, says];
}

/** The ports that are not open, in one line: `65,530 closed; 2 filtered: 25,135`. */
function notOpen(hosts: readonly HostReport[]): string {
  const state = (name: "closed" | "filtered" | "unreachable" | "unasked") => {
    const count = hosts.reduce((sum, host) => sum + host[name].length, 0);
    if (count === 0) return [];
    const text = `${groupDigits(count)} ${name === "unasked" ? "not asked" : name}`;
    // What is closed goes without saying; what gave no answer may need looking into.
    const [host] = hosts;
    if (hosts.length > 1 || name === "closed" || host === undefined) return [text];
    return [`${text}: ${shortened(formatPorts(host[name]))}`];
  };
  return [
    ...state("closed"),
    ...state("filtered"),
    ...state("unreachable"),
    ...state("unasked"),
  ].join("; ");
}

function shortened(list: string): string {
  if (list.length <= PORTS_SHOWN_MAX_CHARACTERS) return list;
  return `${list.slice(0, list.lastIndexOf(",", PORTS_SHOWN_MAX_CHARACTERS))},...`;
}

function countOf({ open, closed, filtered, unreachable, unasked }: HostReport): number {
  return open.length + closed.length + filtered.length + unreachable.length + unasked.length;
}
