/** A finished recording: what was recorded, and its drawings. */
import type { SvgOptions, TextOptions } from "./options";
import type { RecordedSocket, RecordingData, WireEvent } from "./recording-data";
import { renderSvg } from "./svg";
import { renderText } from "./text";

/** A finished recording: the data, and the two ways to draw it. */
export class Recording implements RecordingData {
  readonly version = 1;
  readonly sockets: readonly RecordedSocket[];
  readonly events: readonly WireEvent[];
  readonly names: Readonly<Record<string, string>>;
  readonly notRecorded: number;

  /** Also revives one that was stored: `new Recording(JSON.parse(text))`. Throws TypeError. */
  constructor(data: RecordingData) {
    if (data?.version !== 1 || !Array.isArray(data.sockets) || !Array.isArray(data.events)) {
      throw new TypeError("not a recording of version 1: record it again");
    }
    this.sockets = data.sockets;
    this.events = data.events;
    this.names = data.names ?? {};
    this.notRecorded = data.notRecorded ?? 0;
  }

  /** A sequence diagram as one `<svg>` element; see SvgOptions. The same data, the same text. */
  toSvg(options?: SvgOptions): string {
    return renderSvg(this, options);
  }

  /** The same as lines of text, without colours and without trailing spaces; see TextOptions. */
  toText(options?: TextOptions): string {
    return renderText(this, options);
  }
}
