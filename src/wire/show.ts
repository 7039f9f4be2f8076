/**
 * Shows a recording from a cell: as a picture where the front end shows pictures, and as text
 * where it does not. The only file here that knows of tslab; programs never import it.
 */
import type { Recording, SvgOptions, TextOptions } from "./recording";

/** What tslab's kernel offers while it runs a cell: one output, in several forms. */
interface KernelOutput {
  lastWriteDisplayData?: ((content: object, update: boolean) => void) | null;
}

export type ShowOptions = SvgOptions & TextOptions;

/**
 * Shows the recording under the cell. tslab's own `display` sends one form at a time, so that a
 * front end would show both; here both are one output, of which it chooses. Outside the kernel,
 * in a program or a test, the text goes to standard output.
 */
export function show(recording: Recording, options: ShowOptions = {}): void {
  const text = recording.toText(options);
  const write = kernelOutput()?.lastWriteDisplayData;
  if (typeof write !== "function") {
    console.log(text);
    return;
  }
  const data = { "image/svg+xml": recording.toSvg(options), "text/plain": text };
  write({ data, metadata: {}, transient: {} }, false);
}

/** The module of tslab that the running kernel has loaded, if this is one. */
function kernelOutput(): KernelOutput | undefined {
  const main = typeof require === "function" ? require : undefined;
  if (main === undefined) return undefined;
  const path = Object.keys(main.cache).find((one) =>
    /[\\/]tslab[\\/]dist[\\/]jupyter\.js$/.test(one),
  );
  return path === undefined ? undefined : (main.cache[path]?.exports as KernelOutput | undefined);
}
