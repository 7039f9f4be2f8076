/** Stored outputs as a test: compares a fresh run of a cell with what the notebook holds. */
import { diffLines } from "./diff";
import { type Cell, cellTags } from "./format";
import { type Output, sameJson } from "./output";
import { OUTPUT_VARIES_TAG, sanitize } from "./sanitize";

/** Whether fresh outputs say the same as stored ones, but for what may differ between two runs. */
export function sameOutputs(cell: Cell, fresh: readonly Output[]): boolean {
  return compareOutputs(cell, fresh).length === 0;
}

/**
 * The difference between a cell's stored outputs and fresh ones, as lines of a diff; empty when there is
 * none but for what the sanitizers take out.
 */
export function compareOutputs(cell: Cell, fresh: readonly Output[]): string[] {
  if (cellTags(cell).includes(OUTPUT_VARIES_TAG) && cell.outputs.length > 0 === fresh.length > 0) {
    return [];
  }
  if (sameJson(cell.outputs, fresh)) return [];
  return diffLines(describe(cell.outputs, cell), describe(fresh, cell));
}

/** Outputs as sanitized lines, each kind of content under a heading of its own. */
function describe(outputs: readonly Output[], cell: Cell): string[] {
  return outputs.flatMap((output) => {
    const lines = (heading: string, text: string): string[] => [
      `[${heading}]`,
      ...sanitize(text, cell).replace(/\n$/, "").split("\n"),
    ];
    switch (output.output_type) {
      case "stream":
        return lines(output.name, output.text);
      case "error":
        // The traceback shows the cell's own text and library lines; what went wrong is in these two.
        return lines("error", `${output.ename}: ${output.evalue}`);
      default:
        // What people read first: a drawing's text says more of a difference than its lines.
        return Object.keys(output.data)
          .sort(
            (a, b) => Number(b === "text/plain") - Number(a === "text/plain") || (a < b ? -1 : 1),
          )
          .flatMap((mime) => lines(mime, asText(output.data[mime])));
    }
  });
}

/** Markup has a line for each tag, so that a difference in it can be read. */
function asText(content: unknown): string {
  if (typeof content !== "string") return JSON.stringify(content, null, 1) ?? "";
  return /^\s*</.test(content) ? content.replaceAll("><", ">\n<") : content;
}
