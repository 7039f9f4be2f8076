/** Why what came from a server is no HTTP response: the first thing that is wrong, as a person would put it. */

import type { StepFailureFields } from "../judging/step-failure";
import { visibleLines } from "../judging/transcript";
import {
  CLOSED_WITHOUT_RESPONSE,
  EMPTY_LINE,
  LENGTH_AND_BODY,
  LINE_ENDS,
  NO_END,
  NO_RESPONSE,
  STATUS_LINE_FIRST,
  STATUS_LINE_FORM,
} from "./hints";
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
      hints: STATUS_LINE_FIRST,
    };
  }
  if (!text.includes("\r\n\r\n")) return noHeadEnd(text, closed);
  if (status === 0) {
    return {
      what: `Expected a status line such as HTTP/1.1 200 OK\\r\\n, and got ${first}.`,
      hints: STATUS_LINE_FORM,
    };
  }
  return whole ? undefined : notWhole(response);
}

function nothingCame(closed: boolean): Fault {
  return closed
    ? {
        what: "Expected an answer, and the server closed the connection without a word.",
        hints: CLOSED_WITHOUT_RESPONSE,
      }
    : {
        what: "Expected an answer to a whole request, and the server says nothing.",
        hints: NO_RESPONSE,
      };
}

function noHeadEnd(text: string, closed: boolean): Fault {
  if (/^[^\n]*[^\r]\n/.test(text)) {
    return {
      what: "Expected lines that end with \\r\\n (CR and LF), and these end with \\n alone.",
      hints: LINE_ENDS,
    };
  }
  return {
    what: `Expected an empty line between the head and the page, and ${closed ? "the server closed" : "nothing more came"} before there was one.`,
    hints: EMPTY_LINE,
  };
}

function notWhole({ fields, closed, body }: ReceivedResponse): Fault {
  const length = fields.get("content-length");
  if (length === undefined) {
    return {
      what: "Expected the end of the response, and it never comes: no Content-Length, and the connection stays open.",
      hints: NO_END,
    };
  }
  const came = Buffer.byteLength(body);
  return {
    what: `Expected the ${length} bytes that Content-Length announces, and ${came} came before ${closed ? "the server closed" : "it stopped"}.`,
    hints: LENGTH_AND_BODY,
  };
}
