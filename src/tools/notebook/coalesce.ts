/** Collects the outputs of a running cell into what is stored: as nbclient and nbconvert do. */
import type { Output as LiveOutput } from "../kernel/client";
import type { MimeBundle, Output } from "./output";

export type { LiveOutput };

type Display = Extract<LiveOutput, { transient?: unknown }>;

/** The outputs of one notebook's cells. */
export class OutputCollector {
  readonly #byDisplayId = new Map<
    string,
    { data: MimeBundle; metadata: Record<string, unknown> }[]
  >();

  /** Adds an output to a cell's list: joins text of one stream, applies updates wherever they belong. */
  add(outputs: Output[], live: LiveOutput): void {
    switch (live.output_type) {
      case "stream": {
        const last = outputs.at(-1);
        if (last?.output_type === "stream" && last.name === live.name) last.text += live.text;
        else outputs.push({ ...live });
        return;
      }
      case "display_data":
      case "update_display_data":
        this.#show(outputs, live);
        return;
      default:
        outputs.push({ ...live });
    }
  }

  #show(outputs: Output[], { output_type, data, metadata, transient }: Display): void {
    const shown = this.#byDisplayId.get(transient?.display_id ?? "") ?? [];
    if (output_type === "update_display_data") {
      for (const display of shown) Object.assign(display, { data, metadata });
      return;
    }
    const display = { output_type, data, metadata };
    outputs.push(display);
    const id = transient?.display_id;
    if (id !== undefined) this.#byDisplayId.set(id, [...shown, display]);
  }

  /** To be called when the cell has ended. */
  finish(outputs: Output[]): void {
    for (const output of outputs) {
      if (output.output_type === "stream") output.text = afterOverwriting(output.text);
    }
  }
}

/** A terminal would have overwritten the text before a carriage return (nbconvert's coalesce_streams). */
function afterOverwriting(text: string): string {
  if (!text.includes("\r")) return text;
  // The last character of a line overwrites nothing: it may be the first half of CR LF.
  const shown = (line: string) =>
    line.length < 2 ? line : line.slice(line.lastIndexOf("\r", line.length - 2) + 1);
  return text.split("\n").map(shown).join("\n");
}
