/** The hints of Part 5, in the order of its steps. */
import type { Hints } from "../../judging/step-failure";

export const STATUS: Hints = [
  "A script that runs this program sees nothing but its exit status.",
  "0 when every page came whole, 1 when one did not; and nothing that a network does ends in a stack trace.",
  "`if (failed > 0) throw new ProgramError(...)` after the loop, `failed += 1` for each outcome with an error",
];

export const CLOSE: Hints = [
  "One page was done with, and its connection was still open when the next one came. Who was to close it?",
  "Whatever has happened, a connection that was opened is closed before its outcome is returned.",
  "`finally { await socket?.close(); }` after `try` and `catch`",
];

export const OK: Hints = [
  "The page was whole. What did your program say of it?",
  "Receive to the empty line, then as many bytes as Content-Length says, then stop: the server keeps the connection.",
  "`print(`, the path, `OK`, the status line, and the number of bytes of the body",
];

export const CODES: Hints = [
  "The outcome has a name of its own. What did your program take it for?",
  "Each `SocketError` has a `code`; it is the second word of the line.",
  "`catch (error) { if (!(error instanceof SocketError)) throw error; return { error }; }`",
];

export const WAIT: Hints = [
  "This server says nothing, and never will. How long does your program wait?",
  "Give each wait the limit that `--timeout` names: connecting, sending, receiving.",
  "`socket.recv(65_536, { timeout })`",
];

export const TOO_SHORT: Hints = [
  "Content-Length said 100, fewer bytes came, and then the end. Is this page whole?",
  "Nobody but you can notice: 0 bytes from `recv` are no error, so compare what has come with the length.",
  '`throw socketError("CLOSED_EARLY", "recv", socket.remote)`',
];

export const NO_LENGTH: Hints = [
  "There is no Content-Length. Where does this page end?",
  "Without a length, all that comes until the server closes is the page.",
  "`if (length === undefined) ...`: 0 bytes from `recv` are then the regular end",
];
