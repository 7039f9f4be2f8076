/** A cell's output as lines of a terminal: safe, folded when long, its error with the place first. */
import { formatPlace } from "../notebook/errors";
import { cellError } from "../notebook/run";
import type { CellOutput, DisplayPiece, Piece, TextPiece } from "./cell-output";
import { wrapAnywhere, wrapWords } from "./layout";
import type { Styles } from "./palette";
import { safeOutput } from "./safe-output";

/** Longer output folds to its beginning and its end. */
const FOLD_LINES = 20;
const FOLDED_HEAD_LINES = 10;
const FOLDED_TAIL_LINES = 5;
/** A drawing is worth more room. */
const DISPLAY_FOLD_LINES = 60;
const INDENT = "  ";

export interface OutputLook {
  readonly columns: number;
  readonly styles: Styles;
  /** Whether long output is shown whole. */
  readonly open: boolean;
  /** Whether the stack of an error is shown. */
  readonly stack: boolean;
  /** The cell, for the place of an error. */
  readonly place: { readonly file: string; readonly cell: string };
  /** Why the cell has no result, instead of an error of its own. */
  readonly lost?: string | undefined;
}

export interface OutputLines {
  readonly lines: readonly string[];
  /** Lines that folding leaves out, or would. */
  readonly folded: number;
}

export function outputLines(output: CellOutput, look: OutputLook): OutputLines {
  const { styles } = look;
  const width = look.columns - INDENT.length;
  const shown: string[] = [];
  let folded = 0;
  let late = false;
  for (const group of groups(output.pieces)) {
    const [first] = group;
    if (!first) continue;
    if (first.late && !late) shown.push(styles.warning("↳ after the cell had ended:"));
    late = first.late;
    const lines =
      first.kind === "display"
        ? displayLines(first, width, styles)
        : textLines(group, width, styles);
    const limit = first.kind === "display" ? DISPLAY_FOLD_LINES : FOLD_LINES;
    if (lines.length > limit) folded += lines.length - FOLDED_HEAD_LINES - FOLDED_TAIL_LINES;
    if (look.open || lines.length <= limit) shown.push(...lines);
    else {
      const hidden = lines.length - FOLDED_HEAD_LINES - FOLDED_TAIL_LINES;
      const count = `${(hidden + droppedIn(group)).toLocaleString("en")} more lines`;
      shown.push(
        ...lines.slice(0, FOLDED_HEAD_LINES),
        styles.muted(`⋯ ${count} · f opens`),
        ...lines.slice(-FOLDED_TAIL_LINES),
      );
    }
  }
  const { failure } = output;
  if (failure) {
    const { place, reason } = cellError(failure, look.place);
    const [what = "", ...stack] = reason.split("\n");
    shown.push(...wrapWords(styles.error(`✗ ${formatPlace(place)}`), width));
    shown.push(
      ...safeOutput(what, false)
        .split("\n")
        .flatMap((line) => wrapWords(styles.error(line), width)),
    );
    if (look.stack) {
      const lines = stack.map((line) => safeOutput(line, false));
      shown.push(...lines.flatMap((line) => wrapAnywhere(line, width)).map(styles.muted));
    } else if (stack.length > 0) shown.push(styles.muted("s shows the stack"));
  }
  if (look.lost !== undefined) shown.push(...wrapWords(styles.error(`✗ ${look.lost}`), width));
  return { lines: shown.map((line) => (line === "" ? "" : INDENT + line)), folded };
}

/** Text that was printed in one go, whichever stream it took; displays stand alone. */
function groups(pieces: readonly Piece[]): Piece[][] {
  const found: Piece[][] = [];
  for (const piece of pieces) {
    const last = found.at(-1);
    const before = last?.at(-1);
    const joins = before && before.kind !== "display" && piece.kind !== "display";
    if (joins && before.late === piece.late) last?.push(piece);
    else found.push([piece]);
  }
  return found;
}

function droppedIn(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, piece) => sum + (piece.kind === "gap" ? piece.lines : 0), 0);
}

function textLines(pieces: readonly Piece[], width: number, styles: Styles): string[] {
  let text = "";
  for (const piece of pieces) {
    if (piece.kind === "gap") text += `${text.endsWith("\n") ? "" : "\n"}\u0000${piece.lines}\n`;
    else if (piece.kind !== "display") text += paintStream(piece, styles);
  }
  const lines = text.replace(/\n$/, "").split("\n");
  return lines.flatMap((line) =>
    line.startsWith("\u0000")
      ? [styles.muted(`⋯ ${Number(line.slice(1)).toLocaleString("en")} lines were not kept ⋯`)]
      : wrapAnywhere(line, width),
  );
}

function paintStream({ kind, text }: TextPiece, styles: Styles): string {
  const safe = safeOutput(text, styles.colour);
  return kind === "stderr" ? safe.replace(/[^\n]+/g, styles.warning) : safe;
}

/** Media types that a browser shows, the best first. */
export const BROWSER_TYPES = ["image/svg+xml", "text/html"] as const;

function displayLines({ data }: DisplayPiece, width: number, styles: Styles): string[] {
  const plain = data["text/plain"];
  const rich = BROWSER_TYPES.find((type) => data[type] !== undefined);
  const lines: string[] = [];
  if (typeof plain === "string") {
    // A drawing that is too wide is cut, not broken: broken lines draw nothing.
    const safe = safeOutput(plain.replace(/\n$/, ""), styles.colour).split("\n");
    lines.push(...safe.flatMap((line) => wrapAnywhere(line, width)));
  } else if (typeof data["text/html"] === "string") {
    lines.push(...htmlText(data["text/html"]).flatMap((line) => wrapWords(line, width)));
  }
  if (rich) {
    const name = rich === "text/html" ? "a page" : "a drawing";
    lines.push(styles.muted(`◇ ${name} · o opens it in the browser`));
  } else if (lines.length === 0) {
    lines.push(
      styles.muted(`[${Object.keys(data).join(", ")}: to be seen in JupyterLab or VS Code]`),
    );
  }
  return lines;
}

/** What a page says, roughly: its text without tags, scripts and styles. */
function htmlText(html: string): string[] {
  const text = html
    .replace(/<!--.*?-->|<(script|style)\b.*?<\/\1>/gis, "")
    .replace(/<\/(?:p|div|li|tr|h[1-6]|title)>|<br\s*\/?>/gi, "\n")
    .replace(/<[^>]*>/g, "")
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, "&");
  const lines = safeOutput(text, false).split("\n");
  return lines.map((line) => line.trim()).filter((line) => line !== "");
}
