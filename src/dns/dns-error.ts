/** What is wrong with a DNS message, a name or a zone file: one class, a closed set of codes. */

interface Problem {
  readonly section: string;
  readonly message: string;
}

const problem = (section: string, message: string): Problem => ({ section, message });

const PROBLEMS = {
  // Messages
  SHORT_HEADER: problem("RFC 1035, 4.1.1", "the message is shorter than a header of 12 bytes"),
  CUT_SHORT: problem("RFC 1035, 4.1", "the message ends before what its header announces"),
  TRAILING_BYTES: problem("RFC 1035, 4.1", "bytes follow the last record"),
  BAD_LABEL: problem("RFC 1035, 4.1.4", "a label begins with the reserved bits 01 or 10"),
  BAD_POINTER: problem("RFC 1035, 4.1.4", "a compression pointer does not lead backwards"),
  BAD_DATA_LENGTH: problem("RFC 1035, 4.1.3", "a record's data is not as long as its length says"),
  BAD_OPT: problem("RFC 6891, 6.1", "the OPT record is malformed"),
  SEVERAL_OPTS: problem("RFC 6891, 6.1.1", "there is more than one OPT record"),
  LONG_MESSAGE: problem("RFC 1035, 4.2.2", "the message is longer than its limit"),
  EMPTY_FRAME: problem("RFC 1035, 4.2.2", "the length before a message over TCP is too small"),
  BAD_VALUE: problem("RFC 1035, 4.1.1", "a number does not fit into its field"),

  // Names and data, as text
  LONG_NAME: problem("RFC 1035, 2.3.4", "a name is longer than 255 bytes"),
  LONG_LABEL: problem("RFC 1035, 2.3.4", "a part of a name is longer than 63 bytes"),
  NOT_ABSOLUTE: problem("RFC 1034, 3.1", "a name in a message ends with a dot"),
  EMPTY_LABEL: problem("RFC 1035, 3.1", "a part of a name is empty"),
  BAD_ESCAPE: problem("RFC 1035, 5.1", "after a backslash come three digits up to 255, or a sign"),
  BAD_CHARACTER: problem("RFC 1035, 5.1", "a name has a character that must be written as \\DDD"),
  BAD_ADDRESS: problem("RFC 1035, 3.4.1", "this is not an address of the record's family"),
  BAD_NUMBER: problem("RFC 1035, 5.1", "this is not a whole number in the field's range"),
  BAD_DATA: problem("RFC 1035, 5.1", "the data does not have the fields of its type"),
  LONG_STRING: problem("RFC 1035, 3.3", "a string is longer than 255 bytes"),
  UNKNOWN_TYPE: problem("RFC 1035, 3.2.2", "this is not a record type"),
  UNKNOWN_CODE: problem("RFC 1035, 4.1.1", "this is not a class, opcode or response code"),

  // Zone files
  OPEN_QUOTE: problem("RFC 1035, 5.1", "a quoted string has no end"),
  OPEN_PARENTHESIS: problem("RFC 1035, 5.1", "a parenthesis has no partner"),
  BAD_DIRECTIVE: problem("RFC 1035, 5.1", "only $ORIGIN and $TTL are understood, with one value"),
  NO_OWNER: problem("RFC 1035, 5.1", "the first record has no name"),
  NO_TYPE: problem("RFC 1035, 5.1", "the line has no record type"),
  NO_TTL: problem("RFC 2308, 4", "the record has no TTL, and no $TTL stands before it"),
  OTHER_CLASS: problem("RFC 1035, 5.2", "only the class IN is served"),
  NOT_STORED: problem("RFC 6895, 3.1", "this type is for questions and messages, not for zones"),
  OUTSIDE_ZONE: problem("RFC 1035, 5.2", "the name does not belong to the zone"),
  NO_SOA: problem("RFC 1035, 5.2", "a zone begins with its one SOA record"),
  ALIAS_AND_MORE: problem("RFC 1034, 3.6.2", "a name with a CNAME has no other records"),
  LONG_FILE: problem("RFC 1035, 5", "the zone file is too long"),
} satisfies Record<string, Problem>;

/** Names what is wrong; the set is closed. */
export type DnsErrorCode = keyof typeof PROBLEMS;

/** Bytes or a text that are not what DNS allows. Nothing in `src/dns` throws anything else on input. */
export class DnsError extends Error {
  override readonly name = "DnsError";
  /** The section that was broken, for example "RFC 1035, 4.1.4". */
  readonly section: string;

  /** @param detail what was seen: put after the message that the code stands for */
  constructor(
    readonly code: DnsErrorCode,
    detail?: string,
  ) {
    const { message, section } = PROBLEMS[code];
    super(detail === undefined ? message : `${message}: ${detail}`);
    this.section = section;
  }

  /** The same error, with the place where it was found before it: `line 7: ...`. */
  static at(error: DnsError, place: string): DnsError {
    const placed = new DnsError(error.code);
    placed.message = `${place}: ${error.message}`;
    return placed;
  }
}
