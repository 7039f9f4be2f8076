/**
 * Shows a recording, or a chart, from a cell: as a picture where the front end shows pictures, and as text
 * where it does not. The only file here that knows of tslab; programs never import it.
 */
import { createRequire } from "node:module";
import { join } from "node:path";
import type { SvgOptions, TextOptions } from "./options";

const TSLAB_OUTPUT = /[\\/]tslab[\\/]dist[\\/]jupyter\.js$/;

/** What tslab's kernel offers while it runs a cell: one output, in several forms. */
interface KernelOutput {
  lastWriteDisplayData?: ((content: object, update: boolean) => void) | null;
}

export type ShowOptions = SvgOptions & TextOptions;

/** What has both forms: a recording, or a chart of src/chart. */
export interface Drawing {
  toSvg(options?: SvgOptions): string;
  toText(options?: TextOptions): string;
}

/**
 * Shows the drawing under the cell. tslab's own `display` sends one form at a time, so that a
 * front end would show both; here both are one output, of which it chooses. Outside the kernel,
 * in a program or a test, the text goes to standard output.
 */
export function show(drawing: Drawing, options: ShowOptions = {}): void {
  const text = drawing.toText(options);
  const write = kernelOutput()?.lastWriteDisplayData;
  if (typeof write !== "function") {
    console.log(text);
    return;
  }
  const data = { "image/svg+xml": drawing.toSvg(options), "text/plain": text };
  write({ data, metadata: {}, transient: {} }, false);
}

/** A picture under the cell that is redrawn whenever it changes. */
export interface LiveDrawing {
  draw(drawing: Drawing): void;
}

let liveDrawings = 0;

/**
 * Shows a drawing that changes while its cell runs: each `draw` takes the place of the one before (if its
 * text differs), and what is stored in the notebook is the last. Outside the kernel nothing is shown; `show` the last
 * one there.
 */
export function showLive(options: ShowOptions = {}): LiveDrawing {
  liveDrawings += 1;
  const display_id = `socket-lab-live-${process.pid}-${liveDrawings}`;
  let drawn: string | undefined;
  return {
    draw(drawing) {
      const write = kernelOutput()?.lastWriteDisplayData;
      if (typeof write !== "function") return;
      const text = drawing.toText(options);
      if (text === drawn) return;
      const data = { "image/svg+xml": drawing.toSvg(options), "text/plain": text };
      write({ data, metadata: {}, transient: { display_id } }, drawn !== undefined);
      drawn = text;
    },
  };
}

/**
 * tslab's own output. In a kernel this file runs as CommonJS, with a `require` that has tslab;
 * anywhere else it is a module of ECMAScript, and nothing is loaded for this.
 */
function kernelOutput(): KernelOutput | undefined {
  if (typeof require !== "function") return undefined;
  require("tslab");
  const loaded = createRequire(join(process.cwd(), "show.js")).cache;
  const path = Object.keys(loaded).find((one) => TSLAB_OUTPUT.test(one));
  return path === undefined ? undefined : (loaded[path]?.exports as KernelOutput | undefined);
}
