import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { response } from "../../src/http/response";
import { type HttpServer, serve } from "../../src/http/server";
import { type Case, readCases } from "./support/case-table";
import { eventsOf } from "./support/events";
import { exchange, parseResponses } from "./support/raw-client";

const LAST = "GET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

let server: HttpServer;

beforeAll(async () => {
  server = await serve({ port: 0 }, async (request) => {
    if (request.path === "/last") return response(200, "last");
    return response(200, await request.bytes());
  });
});

afterAll(() => server.stop());

describe("the server answers as the case tables say, and closes when it must", () => {
  const cases = readCases().filter((one) => one.bytes.length > 0);

  it.each(cases.map((one) => [one.name, one] as const))("%s", async (_, one) => {
    const expected = expectedAnswers(one);
    const closes = expected.closes;
    // A connection that must stay open is seen to: it answers one more request.
    const bytes = closes ? one.bytes : Buffer.concat([one.bytes, Buffer.from(LAST)]);
    const halfClose = one.error?.code === "INCOMPLETE";
    const text = await exchange(server.local.port, bytes, { halfClose });
    const responses = parseResponses(text, [one.bytes.toString("latin1").startsWith("HEAD ")]);
    const statuses = closes ? expected.statuses : [...expected.statuses, 200];
    expect(responses.map((each) => each.status)).toEqual(statuses);
    if (!closes) expect(responses.at(-1)?.body).toBe("last");
    expect(responses.at(-1)?.fields.get("connection")).toBe("close");
    for (const each of responses) expect(Date.parse(each.fields.get("date") ?? "")).not.toBeNaN();
  });
});

function expectedAnswers(one: Case): { statuses: number[]; closes: boolean } {
  const statuses = new Array<number>(one.accepted).fill(200);
  if (one.answer) statuses[statuses.length - 1] = one.answer.status;
  if (one.error) return { statuses: [...statuses, one.error.status], closes: true };
  const heads = eventsOf(one.bytes).filter((event) => event.startsWith("head "));
  const closes = one.answer?.close || (heads.at(-1)?.endsWith(" close") ?? true);
  return { statuses, closes };
}
