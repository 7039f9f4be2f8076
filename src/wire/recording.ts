/** What a recorder saw, as plain data: it survives JSON, and can be drawn again at any time. */
import type { DrawOptions, SvgOptions, TextOptions } from "./options";
import { renderSvg } from "./svg";
import { renderText } from "./text";

/** A host as it was given (a name, or a numeric address) and a port. */
export interface Place {
  readonly host: string;
  readonly port: number;
}

/** A socket that took part. Its number, by which events refer to it, is its index. */
export interface RecordedSocket {
  /** `accepted`: a server's end of a connection. */
  readonly kind: "tcp server" | "tcp client" | "tcp accepted" | "udp";
  /** Its own address, once it had one. */
  readonly local?: Place;
  /** The other end of its connection. */
  readonly remote?: Place;
  /** Of an accepted connection: the number of the socket that listened. */
  readonly server?: number;
  /** The port was asked for as 0: the system chose it. */
  readonly systemPort?: boolean;
  /** The bytes shown travelled encrypted, inside TLS. */
  readonly tls?: boolean;
}

/** Bytes: how many, and the first of them (at most HEAD_BYTES), one character for each byte. */
export interface RecordedBytes {
  readonly bytes: number;
  readonly head: string;
}

/** What happened, without when and where. `code` is the operating system's: `ECONNREFUSED`. */
export type WireAction =
  | { readonly type: "listen" }
  | { readonly type: "listen failed"; readonly place?: Place; readonly code: string }
  | { readonly type: "stop listening" }
  | { readonly type: "connect"; readonly to: Place }
  /** One address of several failed; the next is tried. */
  | { readonly type: "attempt failed"; readonly to: Place; readonly code: string }
  | { readonly type: "connected" }
  | { readonly type: "accepted" }
  | ({ readonly type: "send" } & RecordedBytes)
  | ({ readonly type: "receive" } & RecordedBytes)
  /** This side sends no more (FIN). */
  | { readonly type: "end sent" }
  | { readonly type: "end received" }
  | { readonly type: "reset" }
  | { readonly type: "close" }
  | { readonly type: "error"; readonly code: string; readonly syscall?: string }
  | { readonly type: "bind"; readonly bySend: boolean }
  | ({ readonly type: "send datagram"; readonly to: Place; readonly code?: string } & RecordedBytes)
  | ({ readonly type: "receive datagram"; readonly from: Place } & RecordedBytes)
  | { readonly type: "call"; readonly call: string; readonly id: number }
  | ({
      readonly type: "return";
      readonly call: string;
      readonly id: number;
      /** Of an accept: the number of the connection's socket. */
      readonly accepted?: number;
      readonly code?: string;
    } & Partial<RecordedBytes>);

/** One event. Events stand in the order in which they were seen. */
export type WireEvent = WireAction & {
  /** Milliseconds since the recording began, from a clock that never goes back. */
  readonly at: number;
  /** The index of the socket in `sockets`. */
  readonly socket: number;
};

export interface RecordingData {
  readonly version: 1;
  readonly sockets: readonly RecordedSocket[];
  readonly events: readonly WireEvent[];
  /** Names of participants, by port or by the name that they would have. */
  readonly names: Readonly<Record<string, string>>;
  /** Events beyond RECORDED_EVENTS_MAX, which were only counted. */
  readonly notRecorded: number;
}

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

export type { DrawOptions, SvgOptions, TextOptions };
