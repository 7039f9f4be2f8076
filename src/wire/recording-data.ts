/** What a recorder saw, as plain data: it survives JSON, and can be drawn again at any time. */

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
