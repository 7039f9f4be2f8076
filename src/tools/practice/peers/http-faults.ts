/** Why what came from a server is no HTTP response: the first thing that is wrong, as a person would put it. */

import type { StepFailureFields } from "../judging/step-failure";
import { visibleLines } from "../judging/transcript";
import { type ReceivedResponse, responseFailure } from "./http-exchange";

type Fault = Omit<StepFailureFields, "transcript" | "replay">;

/** @throws {StepFailure} what came is no whole HTTP response */
export function expectResponse(response: ReceivedResponse): void {
  const fault = faultIn(response);
  if (fault) throw responseFailure(response, fault);
}

/** @throws {StepFailure} no HTTP response came, or one with another status; `hints` are for another status */
export function expectStatus(
  response: ReceivedResponse,
  status: number | readonly number[],
  { to, hints, edit }: { to: string } & Pick<StepFailureFields, "hints" | "edit">,
): void {
  expectResponse(response);
  const wanted = [status].flat();
  if (wanted.includes(response.status)) return;
  throw responseFailure(response, {
    what: `Expected the status ${wanted.join(" or ")} to ${to}, and got ${response.status}.`,
    hints,
    ...(edit !== undefined && { edit }),
  });
}

export function faultIn(response: ReceivedResponse): Fault | undefined {
  const { raw, status, whole, closed } = response;
  if (raw.length === 0) return nothingCame(closed);
  const text = raw.toString("latin1");
  const [first = ""] = visibleLines(raw);
  if (!text.startsWith("HTTP/")) {
    return {
      what: `Expected a status line such as HTTP/1.1 200 OK\\r\\n first, and got ${first}.`,
      hints: [
        "Before a browser looks at a page it wants to know how the request went.",
        "A response begins with a status line, then fields, then an empty line, and only then the page.",
        '`"HTTP/1.1 200 OK\\r\\nContent-Type: text/html; charset=utf-8\\r\\n\\r\\n" + page`',
      ],
    };
  }
  if (!text.includes("\r\n\r\n")) return noHeadEnd(text, closed);
  if (status === 0) {
    return {
      what: `Expected a status line such as HTTP/1.1 200 OK\\r\\n, and got ${first}.`,
      hints: [
        "The first line has a form of its own: RFC 9112, section 4.",
        "The version, one space, three digits, one space, a few words: HTTP/1.1 404 Not Found.",
        '`"HTTP/1.1 " + status + " " + reason + "\\r\\n"`, with a number as the status.',
      ],
    };
  }
  return whole ? undefined : notWhole(response);
}

function nothingCame(closed: boolean): Fault {
  return closed
    ? {
        what: "Expected an answer, and the server closed the connection without a word.",
        hints: [
          "The request arrived, and then something ended the connection: an error, or a close before the answer was sent.",
          "Look at what the server prints when it is asked. Send the whole response first and close after that.",
          "`await client.send(response)`, and only then `await client.close()`.",
        ],
      }
    : {
        what: "Expected an answer to a whole request, and the server says nothing.",
        hints: [
          "The request is complete: its head ends with an empty line. What is the server waiting for?",
          "Receive until the empty line has come, and not until the client closes: it keeps its side open, because it wants the answer.",
          'Call `await client.recv(65_536)` in a loop until what has come includes "\\r\\n\\r\\n"; then `await client.send(...)`.',
        ],
      };
}

function noHeadEnd(text: string, closed: boolean): Fault {
  if (/^[^\n]*[^\r]\n/.test(text)) {
    return {
      what: "Expected lines that end with \\r\\n (CR and LF), and these end with \\n alone.",
      hints: [
        "Look at the ends of the lines in the transcript.",
        "In HTTP a line ends with two bytes, carriage return and line feed: RFC 9112, section 2.2.",
        'Join the lines of the head with `"\\r\\n"`, and end the head with `"\\r\\n\\r\\n"`.',
      ],
    };
  }
  return {
    what: `Expected an empty line between the head and the page, and ${closed ? "the server closed" : "nothing more came"} before there was one.`,
    hints: [
      "How does a browser know where the fields end and the page begins?",
      "After the last field comes an empty line: so four bytes, \\r\\n\\r\\n, end the head.",
      '`statusLine + "\\r\\n" + fields.join("\\r\\n") + "\\r\\n\\r\\n" + body`',
    ],
  };
}

function notWhole({ fields, closed, body }: ReceivedResponse): Fault {
  const length = fields.get("content-length");
  if (length === undefined) {
    return {
      what: "Expected the end of the response, and it never comes: no Content-Length, and the connection stays open.",
      hints: [
        "The page has arrived, but is it all? The client cannot know.",
        "Say how long the body is (Content-Length), or close the connection after it. Both is best.",
        '`"Content-Length: " + Buffer.byteLength(body)` among the fields; `await client.close()` after sending.',
      ],
    };
  }
  const came = Buffer.byteLength(body);
  return {
    what: `Expected the ${length} bytes that Content-Length announces, and ${came} came before ${closed ? "the server closed" : "it stopped"}.`,
    hints: [
      "The announced length and the body do not agree.",
      "Content-Length counts the bytes of the body alone, not characters, and not the head.",
      "`Buffer.byteLength(body)`; in Python `len(body.encode())`.",
    ],
  };
}
