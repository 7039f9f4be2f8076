/** The hints of Part 4, in the order of its steps. */
import type { Hints } from "../../judging/step-failure";

export const STOP: Hints = [
  "Your client has had the whole response for a while. What is it still waiting for?",
  "The server keeps the connection open for another request. The head says how long the body is: stop there.",
  "`while (bytes < length) { const piece = await socket.recv(...); ... }`, and then close",
];

export const BYTES: Hints = [
  "The length counts bytes. What does your client count?",
  "Keep the body as bytes until it is complete; in a string `€` counts one, and is three bytes.",
  "`piece.length` of the Buffer that `recv` returns, and `Buffer.concat(pieces)`",
];

export const PIECES: Hints = [
  "The response came byte by byte, its empty line too. What does your client do with a piece that is not yet a head?",
  "Collect until the empty line is in what you have; what follows it is the beginning of the body, and counts.",
  '`while (!start.includes("\\r\\n\\r\\n")) start = Buffer.concat([start, await receive()]);`',
];

export const CASE: Hints = [
  "The field is there, written differently. Which part of a field's name matters?",
  "The names of fields are not case-sensitive, and there may be blanks before the value (RFC 9112, section 5).",
  '`fields.find(([name]) => name.toLowerCase() === "content-length")`',
];

export const MORE: Hints = [
  "There were more bytes on the connection than the body has. Whose are they?",
  "What comes after the body belongs to the next response. Take as many bytes as the head says, and no more.",
  "`Buffer.concat(pieces).subarray(0, length)`",
];

export const TO_THE_END: Hints = [
  "This head has no length. Where does the body end then?",
  "Without Content-Length the body goes on until the server closes the connection.",
  "`if (piece.length === 0) break;` when the length is undefined",
];

export const NO_CLOSE: Hints = [
  "Compare your request with the one of `http_manual_client`. What is to be left out?",
  "A request line with the path, the field Host, an empty line: HTTP/1.1 needs no more.",
  "`GET`, the path, `HTTP/1.1\\r\\nHost:`, the host, and `\\r\\n\\r\\n`",
];

export const LENGTH_ZERO: Hints = [
  "A length of 0 is a length. What does your client take it for?",
  "Tell a field that says 0 from one that is not there: only without it the body goes on.",
  "`if (length === undefined)` rather than `if (!length)`; and no `recv` when nothing is missing",
];

export const CUT_SHORT: Hints = [
  "Three bytes are missing, and no more will come. Is that a page?",
  "0 bytes from `recv` before the length is reached mean that something was lost.",
  '`throw socketError("CLOSED_EARLY", "recv", socket.remote)`',
];
