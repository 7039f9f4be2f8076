/** What is wrong with a request: one class, a closed set of codes, each with the status to answer. */

interface Problem {
  readonly status: number;
  readonly section: string;
  readonly message: string;
}

const problem = (status: number, section: string, message: string): Problem => ({
  status,
  section,
  message,
});

const PROBLEMS = {
  // Lines
  BARE_LF: problem(400, "RFC 9112, 2.2", "a line ends with LF alone; end each line with CRLF"),
  BARE_CR: problem(400, "RFC 9112, 2.2", "a CR is not followed by LF; end each line with CRLF"),
  EMPTY_LINES: problem(400, "RFC 9112, 2.2", "too many empty lines before the request line"),
  INCOMPLETE: problem(400, "RFC 9112, 8", "the connection ended before the request did"),

  // Request line
  BAD_METHOD: problem(400, "RFC 9112, 3.1", "the method is not a token"),
  LONG_METHOD: problem(501, "RFC 9112, 3", "the method is longer than any that is implemented"),
  BAD_REQUEST_LINE: problem(
    400,
    "RFC 9112, 3",
    "the request line is not method, target and version with one space between",
  ),
  BAD_TARGET: problem(
    400,
    "RFC 9112, 3.2",
    "the path has a character that must be percent-encoded",
  ),
  BAD_PERCENT: problem(400, "RFC 3986, 2.1", "the path has a % without two hex digits"),
  ENCODED_CONTROL: problem(
    400,
    "RFC 3986, 7.3",
    "the request target hides a control character behind a percent-encoding",
  ),
  BAD_TARGET_FORM: problem(400, "RFC 9112, 3.2", "the form of the target does not fit the method"),
  BAD_AUTHORITY: problem(400, "RFC 9112, 3.2", "the target's host or port is malformed or missing"),
  WRONG_SCHEME: problem(421, "RFC 9110, 7.4", "this server answers for http: targets only"),
  LONG_TARGET: problem(414, "RFC 9112, 3", "the request line is too long"),
  BAD_VERSION: problem(400, "RFC 9112, 2.3", "the version is not HTTP/1.1 or HTTP/1.0"),
  UNSUPPORTED_VERSION: problem(505, "RFC 9110, 15.6.6", "this server speaks HTTP/1.1 and HTTP/1.0"),

  // Field lines
  BAD_FIELD_NAME: problem(400, "RFC 9112, 5", "a field name is not a token"),
  NO_COLON: problem(400, "RFC 9112, 5", "a field line has no colon"),
  SPACE_BEFORE_COLON: problem(400, "RFC 9112, 5.1", "a field name is followed by white space"),
  BAD_FIELD_VALUE: problem(400, "RFC 9110, 5.5", "a field value has a control character"),
  OBS_FOLD: problem(400, "RFC 9112, 5.2", "a field line is folded over several lines"),
  SPACE_BEFORE_FIELDS: problem(400, "RFC 9112, 2.2", "white space follows the request line"),
  LONG_FIELDS: problem(431, "RFC 6585, 5", "the fields are too long"),
  MANY_FIELDS: problem(431, "RFC 6585, 5", "there are too many fields"),

  // Host
  NO_HOST: problem(400, "RFC 9112, 3.2", "an HTTP/1.1 request needs a Host field"),
  SEVERAL_HOSTS: problem(400, "RFC 9112, 3.2", "there is more than one Host field"),
  BAD_HOST: problem(400, "RFC 9112, 3.2", "the Host field is not a host with an optional port"),

  // Framing
  BAD_CONTENT_LENGTH: problem(400, "RFC 9110, 8.6", "Content-Length is not one decimal number"),
  SEVERAL_CONTENT_LENGTHS: problem(400, "RFC 9112, 6.3", "there is more than one Content-Length"),
  LENGTH_AND_CODING: problem(
    400,
    "RFC 9112, 6.1",
    "Content-Length and Transfer-Encoding exclude each other",
  ),
  CODING_IN_HTTP_1_0: problem(400, "RFC 9112, 6.1", "HTTP/1.0 has no Transfer-Encoding"),
  BAD_TRANSFER_CODING: problem(400, "RFC 9112, 6.1", "Transfer-Encoding is malformed"),
  CHUNKED_NOT_FINAL: problem(
    400,
    "RFC 9112, 6.3",
    "Transfer-Encoding does not end with chunked, once",
  ),
  UNKNOWN_TRANSFER_CODING: problem(
    501,
    "RFC 9112, 6.1",
    "the only transfer coding understood is chunked",
  ),
  FRAMING_LOOKALIKE: problem(
    400,
    "RFC 9112, 11.2",
    "a field with underscores can pass for Content-Length or Transfer-Encoding",
  ),

  // Chunks and trailers
  BAD_CHUNK_SIZE: problem(400, "RFC 9112, 7.1", "a chunk size is not a hexadecimal number"),
  BAD_CHUNK_EXTENSION: problem(400, "RFC 9112, 7.1.1", "a chunk extension is malformed"),
  LONG_CHUNK_EXTENSIONS: problem(413, "RFC 9112, 7.1.1", "the chunk extensions are too long"),
  BAD_CHUNK_END: problem(400, "RFC 9112, 7.1", "a chunk is not as long as its size says"),
  FORBIDDEN_TRAILER: problem(400, "RFC 9110, 6.5.1", "a field that must not be a trailer is one"),

  // Decided by the server
  WRONG_HOST: problem(421, "RFC 9110, 7.4", "this server does not answer for this host"),
  WRONG_ORIGIN: problem(403, "RFC 6454, 7", "pages of other sites may not ask this server"),
  BODY_TOO_LARGE: problem(413, "RFC 9110, 15.5.14", "the content is too large"),
  LENGTH_REQUIRED: problem(411, "RFC 9110, 15.5.12", "this request needs a Content-Length"),
  EXPECTATION_FAILED: problem(417, "RFC 9110, 10.1.1", "the only expectation met is 100-continue"),
  TRACE_WITH_CONTENT: problem(400, "RFC 9110, 9.3.8", "a TRACE request has no content"),
  METHOD_NOT_IMPLEMENTED: problem(501, "RFC 9110, 9.1", "this method is not implemented"),
  METHOD_NOT_ALLOWED: problem(405, "RFC 9110, 15.5.6", "this method is not allowed here"),
  NOT_FOUND: problem(404, "RFC 9110, 15.5.5", "there is nothing here"),
  BAD_CONTENT: problem(400, "RFC 9110, 15.5.1", "the content is not what was expected"),
  REQUEST_TIMEOUT: problem(408, "RFC 9110, 15.5.9", "the request took too long to arrive"),
  TOO_MANY_CONNECTIONS: problem(503, "RFC 9110, 15.6.4", "the server has too many connections"),
} satisfies Record<string, Problem>;

/** Names what is wrong; the set is closed. */
export type HttpErrorCode = keyof typeof PROBLEMS;

/** A request that cannot be served as it is. A handler may throw one: its message is for the client. */
export class HttpError extends Error {
  override readonly name = "HttpError";
  /** The status to answer with (RFC 9110, 15). */
  readonly status: number;
  /** The section that was broken, for example "RFC 9112, 5.1". */
  readonly section: string;

  /** @param message in place of the message that the code stands for */
  constructor(
    readonly code: HttpErrorCode,
    message?: string,
  ) {
    super(message ?? PROBLEMS[code].message);
    this.status = PROBLEMS[code].status;
    this.section = PROBLEMS[code].section;
  }
}

/** The client went away before its request was read or its answer taken. */
export class ClientGone extends Error {
  override readonly name = "ClientGone";

  constructor() {
    super("the client closed the connection before the exchange was over");
  }
}
