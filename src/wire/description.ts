/** A diagram in sentences, one for each row: for screen readers, and where lifelines do not fit. */

import type { Diagram, Row } from "./diagram";
import { labelLines } from "./labels";
import { escapeText } from "./preview";
import { wrap } from "./width";

/** Columns of data in a sentence. */
const DATA_COLUMNS = 60;

/** One sentence for each row, numbered; each is one line. */
export function describeRows(diagram: Diagram, ascii = false): string[] {
  const names = diagram.participants.map((one) => escapeText(one.name, ascii));
  let number = 0;
  return diagram.rows.map((row) => {
    const text = sentence(row, names, ascii);
    if (row.kind === "gap" || row.kind === "repeat" || row.kind === "end of repeat") return text;
    number++;
    return `${number}. ${text}`;
  });
}

/** The sentences broken to a width; what continues one is indented. */
export function describeAsList(diagram: Diagram, columns: number, ascii: boolean): string[] {
  return describeRows(diagram, ascii).flatMap((text) =>
    wrap(text, columns - 4, ascii ? "..." : "…").map((line, i) => (i === 0 ? line : `    ${line}`)),
  );
}

function sentence(row: Row, names: readonly string[], ascii: boolean): string {
  const label = labelLines(row.label, { columns: DATA_COLUMNS, lines: 1, ascii }).join(" ");
  const time = row.time === undefined ? "" : ` (${row.time.toFixed(1)} ms)`;
  switch (row.kind) {
    case "arrow": {
      const lost = row.lost ? ", which does not get there" : "";
      return `${names[row.from]} to ${names[row.to]}: ${label}${lost}${time}`;
    }
    case "note":
      return `${names[row.at]}: ${label}${time}`;
    case "span":
      return `${names[row.from]} and ${names[row.to]}: ${label}${time}`;
    case "gap":
    case "repeat":
      return `(${label})`;
    case "end of repeat":
      return "(end of what repeats)";
  }
}
