/** A report as CSV (RFC 4180), for spreadsheets: a line for each port that is not closed. */
import type { ScanReport } from "./report";

const LINE_END = "\r\n";
const COLUMNS = ["address", "name", "port", "state", "service", "banner", "server"];

/**
 * A spreadsheet runs a cell that begins so as a formula, and any peer may have sent the banner: a quote sign
 * in front makes it text (OWASP, "CSV Injection").
 */
const FORMULA = /^[\s]*[=+\-@\t\r\uff0b\uff0d\uff1d\uff20]/;
const NEEDS_QUOTES = /[",\r\n]/;

/** The lines, each ended, the first of them the columns' names. Closed ports are left out. */
export function formatCsv({ hosts }: ScanReport): string {
  const rows: (string | number)[][] = [COLUMNS];
  for (const { address, name = "", open, filtered, unreachable, unasked } of hosts) {
    for (const { port, service, banner = "", server = "" } of open) {
      rows.push([address, name, port, "open", service, banner, server]);
    }
    for (const [state, ports] of Object.entries({ filtered, unreachable, unasked })) {
      for (const port of ports) rows.push([address, name, port, state, "", "", ""]);
    }
  }
  return rows.map((row) => row.map(field).join(",") + LINE_END).join("");
}

function field(value: string | number): string {
  const text = typeof value === "string" && FORMULA.test(value) ? `'${value}` : String(value);
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
