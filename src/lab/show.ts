// Shows a drawing below the cell: a picture where the front end can, text everywhere else.

import { lastWriteDisplayData } from "tslab/dist/jupyter";

/** A chart, or a recording of src/wire. */
export interface Drawing {
  toSvg(): string;
  toText(): string;
}

/**
 * Displays both forms as one output, of which the front end takes the best it can show. `display` of
 * tslab takes one form at a time, so this calls what it is built on. Outside a kernel it prints the text.
 */
export function show(drawing: Drawing): void {
  const forms = { "image/svg+xml": drawing.toSvg(), "text/plain": drawing.toText() };
  if (lastWriteDisplayData)
    lastWriteDisplayData({ data: forms, metadata: {}, transient: {} }, false);
  else console.log(forms["text/plain"]);
}
