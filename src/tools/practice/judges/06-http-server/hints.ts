/** The hints of Part 6, in the order of its steps. */
import type { Hints } from "../../judging/step-failure";

export const HALF_REQUEST: Hints = [
  "A client can end its side and still listen. It has not said all that it announced.",
  "`recv` gives no bytes at the end of the stream: then nothing more will come.",
  '`if (chunk.length === 0) throw new HttpError(400, "The request ends in the middle.")`',
];

export const NEXT_CLIENT: Hints = [
  "The ones before were answered. What is different now?",
  "Everything that belongs to one request starts again with the next: its bytes, its fields, its answer.",
  "Make a new `RequestReader` and a new `Map` for each client, inside `exchange`.",
];

export const IN_PIECES_HINTS: Hints = [
  "TCP carries a stream: what a client sends at once may arrive in many pieces.",
  "Collect what arrives until the empty line is there, and look at the request only then.",
  "A loop around `await client.recv(65_536)` that appends to a buffer, until it includes the line end that you look for.",
];

export const ONE_AT_A_TIME_HINTS: Hints = [
  "Somebody waits for somebody else. Which `await` stands between accepting this client and answering it?",
  "After accepting a client, go on accepting at once: the exchange with it runs by itself, and its errors are its own.",
  "In the loop call `exchange(client, settings)` without `await`, with `.catch(...)` and `.finally(() => client.close())`; in Python a thread for each client.",
];

export const CLOSE_HINTS: Hints = [
  "A response says what becomes of the connection, and the server has to do just that.",
  "`Connection: close` means that it is closed after this response; without it HTTP/1.1 keeps it open, and HTTP/1.0 closes.",
  "Send `Connection: close` in every response, and close after it.",
];

export const CHUNK_HINTS: Hints = [
  "A body can come in pieces whose lengths are said one by one.",
  "Read a line with a size in hex, that many bytes, and a line end; a size of 0 is the last one, and fields may follow it.",
  '`parseInt(line.split(";")[0], 16)`, then `reader.exactly(size)`; at the end `readFields(reader)`.',
];

export const CONTINUE: Hints = [
  "This client has said that it waits to be asked for its body.",
  "When the head is read, and its length will do, answer 100 Continue; the real response comes after the body.",
  '`if (fields.get("expect")?.toLowerCase() === "100-continue") await send("HTTP/1.1 100 Continue\\r\\n\\r\\n")`',
];

export const EMPTY_LINE: Hints = [
  "Some clients send a line end too many after a body.",
  "One empty line before a request line is passed over: RFC 9112, section 2.2.",
  "`parseRequestLine(line || (await reader.line(...)))`",
];

export const LISTEN: Hints = [
  "Begin at the end: the cell of http_server listens, and says where. Nothing else can be tried before that.",
  "`main` listens on the host and the port that it is given and prints where; `serve` then takes one client after the other. You wrote both in Part 2.",
  '`const server = await listen({ host, port, signal })`, `print("HTTP Server running on http://" + formatEndpoint(server.local))`, `await serve(server, { timeoutMs, log: print })`; and in `serve`: `for await (const client of server)`.',
];

export const ANY_RESPONSE: Hints = [
  "A client asks, and wants an answer: any page will do now, if it comes in HTTP.",
  "Two cells work together: http_response turns a response into bytes, http_exchange sends them to the client.",
  'In `responseBytes`: `Buffer.from("HTTP/1.1 " + statusText(status) + "\\r\\n" + fields + "\\r\\n" + body)`; in `exchange`: `await send(responseBytes(response, request.method))`.',
];

export const REQUEST_PARTS: Hints = [
  "Now the request itself: its first line, and its fields up to the empty line.",
  "http_reader gives you a line at a time, http_request takes a line apart, http_head does it for the whole head; http_exchange calls it, and http_routes makes the page.",
  '`line.split(" ")` gives the method, the target and the version; `line.indexOf(":")` parts a field; `fields.get("user-agent")` is the browser.',
];

export const REQUEST_SHOWN: Hints = [
  "Where does each of the three stand in the request? The transcript shows it.",
  "The method and the path are the first two words of the first line. The browser is the value of the field User-Agent.",
  'In `respond`: `{ Method: method, Path: path, Browser: fields.get("user-agent") ?? "unknown" }`, a line of the page for each.',
];

export const NOT_WRITTEN_DOWN: Hints = [
  "The page shows something, but not what this client has sent.",
  "Everything in the page comes from the request that was just read: nothing of it can be written in the program.",
  'Put `escapeHtml(fields.get("user-agent") ?? "unknown")` into the line, not a text of your own.',
];

export const THREE_PATHS: Hints = [
  "There are three paths that this server knows. This is one of them.",
  "Keep the three in a list and look the path up in it: whole, and with its first slash.",
  '`["/", "/hello", "/about"].includes(path)`',
];

export const TOO_LONG_HINTS: Hints = [
  "A client that sends without end must not fill the memory: and it should be told, not cut off.",
  "Stop reading at a limit and answer with the status that fits. End your side then and receive on: to close while the client still sends can destroy the answer.",
  "`if (bytes > MAX) throw new HttpError(status, ...)`, and after the response `drain(client)`: `shutdown`, then `recv` until the client ends.",
];

export const TOO_SLOW: Hints = [
  "This client will never go on. How long will the server remember it?",
  "One deadline for the whole request: then a client that sends a byte now and then cannot hold it for ever.",
  "`client.recv(65_536, { timeout: left() })`, and 408 where it throws TIMED_OUT.",
];

export const BYTES_NOT_CHARACTERS: Hints = [
  "Count the letters of the name in the transcript, and then its bytes.",
  "A character can be several bytes in UTF-8: Content-Length counts bytes. Fields arrive as bytes too.",
  '`Buffer.byteLength(body)`, and `Buffer.from(text, "latin1").toString("utf8")` for a field that was read byte by byte.',
];

export const ESCAPE_HINTS: Hints = [
  "What a client sends may be any text. What does a browser do with this one, when it stands in a page?",
  "Before a text goes into a page, the characters that mean something in HTML are replaced: & first, then < > and quotes.",
  '`text.replaceAll("&", "&amp;").replaceAll("<", "&lt;")` and so on in `escapeHtml`, and `escapeHtml(...)` around everything that came from the client.',
];

export const METHOD_HINTS: Hints = [
  "There are methods that nobody has heard of, and methods that exist, but not here.",
  "501 Not Implemented is for the first kind; 405 Method Not Allowed for the second, and the field Allow says which methods there are.",
  '`throw new HttpError(405, "...", { Allow: "GET, HEAD, POST" })`',
];

export const TARGET_HINTS: Hints = [
  "A target is more than a path: it may have a query, and letters that are written with %.",
  "First cut off what is before the path (http://host) and after it (?query), then decode what is left.",
  '`target.split("?")`, then `decodeURIComponent(path)`',
];

export const VERSION: Hints = [
  "The line is whole, but its version is another language than yours.",
  "HTTP/1.0 and HTTP/1.1 are yours; another first digit is 505 HTTP Version Not Supported.",
  '`if (version[1] !== "1") throw new HttpError(505, "...")`',
];

export const HEAD: Hints = [
  "HEAD asks: what would you answer to GET? But without the page.",
  "Make the same response, with the same Content-Length, and keep the body to yourself.",
  '`method === "HEAD" ? head : head + body`',
];

export const HEAD_PAGE: Hints = [
  "The length belongs to a page, but to another one than GET gets. Which word of the page differs?",
  "The answer to HEAD describes what GET would get: the page that is counted shows the method GET.",
  '`Method: method === "HEAD" ? "GET" : method` in `respond`',
];

export const TRANSFER_CODING: Hints = [
  "A body in a coding that you cannot read: where would it end?",
  "Of transfer codings this server knows one, chunked. For another the answer is 501.",
  '`if (coding.toLowerCase() !== "chunked") throw new HttpError(501, "...")`',
];

export const PAGE: Hints = [
  "Compare the page in the transcript with the one that the challenge shows.",
  "The page is a text: build it from the parts of the request, and send it after the empty line.",
  '`page(["<h1>Request Info</h1>", ...lines])`, with a line for the method, the path and the browser.',
];

export const CONTENT_TYPE: Hints = [
  "How does a browser know that this is a page, and which letters its bytes stand for?",
  "A field of the response says it, in every response that has a page, the 404 too.",
  "`Content-Type: text/html; charset=utf-8\\r\\n` between the status line and the empty line.",
];

export const FIELD_NAME: Hints = [
  "Look at the field in the transcript, letter by letter.",
  "Names of fields do not care about case, and spaces and tabs around a value do not belong to it: RFC 9110, sections 5.1 and 5.5.",
  "`name.toLowerCase()` before it becomes a key, and `value.trim()`.",
];

export const NO_USER_AGENT: Hints = [
  "No request has to say who sends it. What does your server put into the page then?",
  "A field that is not there is `undefined`: decide what stands in its place.",
  '`fields.get("user-agent") ?? "unknown"`',
];

export const POST_HINTS: Hints = [
  "POST is a method as GET is one, and it brings a body after the empty line.",
  "The method is the first word of the request, whatever it is. The body comes after the head: its length is in Content-Length.",
  "`Method: method` in the page; `await readBody(reader, bodyLength(fields, line.version))` before the answer.",
];

export const NOT_FOUND: Hints = [
  "This path is none of the three. Even one letter or one slash makes another path.",
  "After the path is known and before the page is made: is it in the list? If not, the answer is an error.",
  '`if (!PATHS.includes(path)) throw new HttpError(404, "The page you requested does not exist.");`',
];

export const NOT_FOUND_PAGE: Hints = [
  "The status is for the browser. What does the person in front of it see?",
  "An error has a page too: the challenge shows it.",
  "In `errorResponse`: `page([`<h1>` + statusText(status) + `</h1>`, `<p>` + escapeHtml(message) + `</p>`])`",
];

export const ASIDE_HINTS: Hints = [
  "Somebody waits for somebody else, or an error of one client has reached the others.",
  "Each client has an exchange of its own; what goes wrong in it ends there.",
  "`exchange(client, settings).catch(log).finally(() => client.close())`, without `await` in the loop that accepts.",
];

export const SURVIVE_HINTS: Hints = [
  "Nothing that a client sends may end the server, nor leave the client without an answer for ever.",
  "Every error becomes a response with a status, or the end of that one connection.",
  "A `try` around the whole exchange; HttpError becomes its status, what else goes wrong closes the connection.",
];

export const CUT_ANYWHERE: Hints = [
  "A stream may be cut anywhere: in the middle of a line, between CR and LF, inside a letter.",
  "Look for the end of a line in all that has come so far, and keep what comes after it.",
  "Append to one buffer, search it from its beginning, and cut off only what you have used.",
];
