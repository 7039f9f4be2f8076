/** The numbers of DNS and their names: record types, classes, opcodes, response codes (RFC 6895). */
import { DnsError } from "./dns-error";

/** Names and numbers of one registry; a number without a name is written `PREFIX` and the number. */
export class Codes {
  readonly #names = new Map<number, string>();
  readonly #numbers: ReadonlyMap<string, number>;

  constructor(
    numbers: Readonly<Record<string, number>>,
    private readonly prefix: string,
    private readonly max: number,
  ) {
    this.#numbers = new Map(Object.entries(numbers));
    for (const [name, number] of this.#numbers) this.#names.set(number, name);
  }

  /** `1` is `A`, and `65280` is `TYPE65280` (RFC 3597, 5). */
  name(number: number): string {
    return this.#names.get(number) ?? `${this.prefix}${number}`;
  }

  /** The number of a name in any case, or undefined. */
  number(name: string): number | undefined {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const upper = name.toUpperCase();
    if (this.#numbers.has(upper)) return this.#numbers.get(upper);
    if (!upper.startsWith(this.prefix)) return undefined;
    const digits = upper.slice(this.prefix.length);
    return /^\d{1,5}$/.test(digits) && Number(digits) <= this.max ? Number(digits) : undefined;
  }

  /** @throws DnsError UNKNOWN_TYPE or UNKNOWN_CODE */
  numberOf(name: string): number {
    const number = this.number(name);
    if (number !== undefined) return number;
    throw new DnsError(this.prefix === "TYPE" ? "UNKNOWN_TYPE" : "UNKNOWN_CODE", name);
  }
}

const UINT16_MAX = 0xffff;

/** RFC 1035, 3.2.2 and 3.2.3; RFC 3596 (AAAA), 2782 (SRV), 6891 (OPT), 1995 (IXFR). */
export const TYPES = new Codes(
  {
    A: 1,
    NS: 2,
    CNAME: 5,
    SOA: 6,
    PTR: 12,
    HINFO: 13,
    MX: 15,
    TXT: 16,
    AAAA: 28,
    SRV: 33,
    OPT: 41,
    DS: 43,
    RRSIG: 46,
    NSEC: 47,
    DNSKEY: 48,
    HTTPS: 65,
    IXFR: 251,
    AXFR: 252,
    ANY: 255,
    CAA: 257,
  },
  "TYPE",
  UINT16_MAX,
);

/** RFC 1035, 3.2.4. */
export const CLASSES = new Codes({ IN: 1, CH: 3, HS: 4, NONE: 254, ANY: 255 }, "CLASS", UINT16_MAX);

/** RFC 1035, 4.1.1. */
export const OPCODES = new Codes(
  { QUERY: 0, IQUERY: 1, STATUS: 2, NOTIFY: 4, UPDATE: 5 },
  "OPCODE",
  15,
);

/** RFC 1035, 4.1.1; with EDNS they have 12 bits (RFC 6891, 6.1.3). */
export const RCODES = new Codes(
  { NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5, BADVERS: 16 },
  "RCODE",
  0xfff,
);
