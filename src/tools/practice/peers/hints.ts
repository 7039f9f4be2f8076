/** Hints for what can go wrong on any connection. */
import type { Hints } from "../judging/step-failure";

export const CONNECT: Hints = [
  "A client connects first, to the host and the port that it is given.",
  "Look at what the program printed: an error before `connect` ends it.",
  "`const server = await connect({ host, port, signal });`",
];

export const STATUS_LINE_FIRST: Hints = [
  "Before a browser looks at a page it wants to know how the request went.",
  "A response begins with a status line, then fields, then an empty line, and only then the page.",
  '`"HTTP/1.1 200 OK\\r\\nContent-Type: text/html; charset=utf-8\\r\\n\\r\\n" + page`',
];

export const STATUS_LINE_FORM: Hints = [
  "The first line has a form of its own: RFC 9112, section 4.",
  "The version, one space, three digits, one space, a few words: HTTP/1.1 404 Not Found.",
  '`"HTTP/1.1 " + status + " " + reason + "\\r\\n"`, with a number as the status.',
];

export const CLOSED_WITHOUT_RESPONSE: Hints = [
  "The request arrived, and then something ended the connection: an error, or a close before the answer was sent.",
  "Look at what the server prints when it is asked. Send the whole response first and close after that.",
  "`await client.send(response)`, and only then `await client.close()`.",
];

export const NO_RESPONSE: Hints = [
  "The request is complete: its head ends with an empty line. What is the server waiting for?",
  "Receive until the empty line has come, and not until the client closes: it keeps its side open, because it wants the answer.",
  'Call `await client.recv(65_536)` in a loop until what has come includes "\\r\\n\\r\\n"; then `await client.send(...)`.',
];

export const LINE_ENDS: Hints = [
  "Look at the ends of the lines in the transcript.",
  "In HTTP a line ends with two bytes, carriage return and line feed: RFC 9112, section 2.2.",
  'Join the lines of the head with `"\\r\\n"`, and end the head with `"\\r\\n\\r\\n"`.',
];

export const EMPTY_LINE: Hints = [
  "How does a browser know where the fields end and the page begins?",
  "After the last field comes an empty line: so four bytes, \\r\\n\\r\\n, end the head.",
  '`statusLine + "\\r\\n" + fields.join("\\r\\n") + "\\r\\n\\r\\n" + body`',
];

export const NO_END: Hints = [
  "The page has arrived, but is it all? The client cannot know.",
  "Say how long the body is (Content-Length), or close the connection after it. Both is best.",
  '`"Content-Length: " + Buffer.byteLength(body)` among the fields; `await client.close()` after sending.',
];

export const LENGTH_AND_BODY: Hints = [
  "The announced length and the body do not agree.",
  "Content-Length counts the bytes of the body alone, not characters, and not the head.",
  "`Buffer.byteLength(body)`; in Python `len(body.encode())`.",
];

export const REQUEST_END: Hints = [
  "The server cannot know that your request is complete. What tells it?",
  "A request line, fields, and an empty line, each line ended by CR LF.",
  '`"GET / HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n"`',
];

export const NOTHING_LISTENS: Hints = [
  "Is the server running, and does it listen on the port that it says?",
  "A server listens first, and says where only when that has worked. An error before that ends it: look at what it printed.",
  "`await listen({ host, port })` of src/sockets/tcp, and print the port of its `local`; in Python `socket.bind`, then `socket.listen`.",
];
