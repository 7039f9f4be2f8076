/** A DNS message as an object: what the bytes of RFC 1035, 4 say. */

/** What is asked (RFC 1035, 4.1.2). */
export interface Question {
  /** Absolute: `core-1.lab.example.`; in the case in which it was written. */
  readonly name: string;
  /** `A`, `MX`; `TYPE65280` for one without a name. */
  readonly type: string;
  /** `IN`, the Internet. */
  readonly class: string;
}

/** A resource record (RFC 1035, 4.1.3). */
export interface ResourceRecord extends Question {
  /** Seconds for which it may be kept. */
  readonly ttl: number;
  /**
   * As a zone file writes it: `192.0.2.1`, `10 mail.lab.example.`, `"a text"`; the bytes of a type without a
   * known form as `\# 3 0a0b0c` (RFC 3597, 5).
   */
  readonly data: string;
}

/** One option of EDNS (RFC 6891, 6.1.2). */
export interface EdnsOption {
  readonly code: number;
  readonly data: Buffer;
}

/** What the OPT record says: it is a record by its bytes only (RFC 6891, 6.1.3). */
export interface Edns {
  /** The largest UDP message that the sender takes, in bytes. */
  readonly udpSize: number;
  readonly version: number;
  /** DO: the sender wants the records of DNSSEC (RFC 3225). */
  readonly dnssecOk: boolean;
  readonly options: readonly EdnsOption[];
}

export interface Message {
  /** 16 bits that tie an answer to its question. */
  readonly id: number;
  /** QR: an answer. */
  readonly response: boolean;
  readonly opcode: string;
  /** AA: from the server that owns the zone. */
  readonly authoritative: boolean;
  /** TC: there is more, over TCP. */
  readonly truncated: boolean;
  /** RD: the client wants the server to ask others. */
  readonly recursionDesired: boolean;
  /** RA: it does that. */
  readonly recursionAvailable: boolean;
  /** AD and CD (RFC 4035, 3.2). */
  readonly authenticData: boolean;
  readonly checkingDisabled: boolean;
  /** `NOERROR`, `NXDOMAIN`; with the upper bits of EDNS. */
  readonly rcode: string;
  readonly questions: readonly Question[];
  readonly answers: readonly ResourceRecord[];
  readonly authority: readonly ResourceRecord[];
  /** Without the OPT record. */
  readonly additional: readonly ResourceRecord[];
  readonly edns?: Edns;
}

/** A header with all flags off, and nothing in the message; the rest is put over it. */
export const EMPTY_MESSAGE: Message = {
  id: 0,
  response: false,
  opcode: "QUERY",
  authoritative: false,
  truncated: false,
  recursionDesired: false,
  recursionAvailable: false,
  authenticData: false,
  checkingDisabled: false,
  rcode: "NOERROR",
  questions: [],
  answers: [],
  authority: [],
  additional: [],
};
