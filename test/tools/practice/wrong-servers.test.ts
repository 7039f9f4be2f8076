/** Servers with one fault each, and the step that is meant to catch it. */
import { describe, expect, it } from "vitest";
import { unsharedAddress } from "../../../src/lab/own-address";
import { unusedPort } from "../../../src/lab/unused-port";
import { HTTP_SERVER } from "../../../src/tools/practice/judges/06-http-server/judge";
import { type CheckResult, check } from "../../../src/tools/practice/judging/check";
import { type Fault, start } from "./wrong/http-server";

/** The fault, the step, and what the learner reads. */
const WRONG: readonly [fault: Fault, step: string, what: RegExp][] = [
  [
    "down",
    "accepts a client, and is there for the next one",
    /Nothing accepts connections .*ECONNREFUSED/,
  ],
  [
    "first-client-only",
    "accepts a client, and is there for the next one",
    /Nothing accepts connections/,
  ],
  [
    "first-client-only-late",
    "accepts a client, and is there for the next one",
    /Nothing accepts connections/,
  ],
  ["silent", "answers a request in HTTP", /the server says nothing/],
  ["hangs-up", "answers a request in HTTP", /closed the connection without a word/],
  ["no-http", "answers a request in HTTP", /a status line .* and got <html>\\n/],
  ["bare-lf", "answers a request in HTTP", /end with \\n alone/],
  ["no-empty-line", "answers a request in HTTP", /an empty line between the head and the page/],
  [
    "length-too-long",
    "answers a request in HTTP",
    /Expected the \d+ bytes that Content-Length announces/,
  ],
  [
    "same-page",
    "shows the method, the path and the browser of a request",
    /the heading <h1>Request Info<\/h1>/,
  ],
  [
    "example",
    "shows what the client has sent, whatever it is",
    /and it is <p><strong>(Path|Browser):/,
  ],
  [
    "one-path",
    "answers 200 OK to /, /hello and /about",
    /Expected the line .* \/<\/p> in the page/,
  ],
  [
    "all-paths",
    "answers 404 Not Found to every other path, with a page that says so",
    /status 404 .* got 200/,
  ],
  [
    "prefixes",
    "answers 404 Not Found to every other path, with a page that says so",
    /GET \/hello\/, and got 200/,
  ],
  [
    "bare-404",
    "answers 404 Not Found to every other path, with a page that says so",
    /<h1>404 Not Found<\/h1> in the page/,
  ],
  ["plain-text", "says that its pages are HTML in UTF-8", /it says text\/plain/],
  ["case-sensitive", "finds the user agent, however the field's name is written", /USER-AGENT/],
  ["needs-agent", "answers a request without a user agent too", /without a word/],
  ["always-get", "shows that a POST is one", /POST<\/p> .* it is .* GET/],
  ["tires", "serves many requests, one after the other", /without a word/],
  ["one-receive", "waits for the rest of a request that arrives in pieces", /./],
  [
    "one-at-a-time",
    "serves several clients at once, also while others say nothing or only half",
    /the server says nothing/,
  ],
  [
    "impatient",
    "serves several clients at once, also while others say nothing or only half",
    /without a word/,
  ],
  ["unescaped", "shows markup in a user agent as the text that it is", /&lt;b&gt;/],
];

type OnFinished = (stop: () => void) => void;

/** @param only the one step to take */
async function judged(fault: Fault, onFinished: OnFinished, only?: string): Promise<CheckResult> {
  const { address: server, stop } = await start(fault);
  onFinished(stop);
  if (only === undefined) return check(HTTP_SERVER, { server });
  const steps = HTTP_SERVER.steps.filter(({ name }) => name === only);
  return check({ ...HTTP_SERVER, steps }, { server }, { further: true });
}

describe.concurrent("a server with one fault is caught by the step meant for it", {
  timeout: 60_000,
}, () => {
  it.for(WRONG)("%s: %s", async ([fault, step, what], { onTestFinished, expect }) => {
    const { failure } = await judged(fault, onTestFinished);
    expect(failure?.step).toBe(step);
    expect(failure?.what).toMatch(what);
    for (const hint of failure?.hints ?? []) expect(hint.length).toBeGreaterThan(20);
  });

  it("and one without a fault by none, but by what goes beyond the challenge", async (ctx) => {
    expect((await judged("no-fault", ctx.onTestFinished)).failure).toBeUndefined();
    const step = "leaves the query out of the path";
    const { failure } = await judged("no-fault", ctx.onTestFinished, step);
    expect(failure?.what).toBe(
      "Expected the status 200 to GET /hello?name=Ada&x=/nope, and got 404.",
    );
  });

  it.for([
    ["shows-head", "http_routes", /the same content-length as for GET \(\d+\), and it is \d+/],
    ["head-without-length", "http_response", /as for GET \(\d+\), and it is missing/],
  ] as const)(
    "a wrong length of the answer to HEAD points at the cell to change: %s at %s",
    async ([fault, cell, what], { onTestFinished, expect }) => {
      const step = "answers HEAD /hello with the head of a GET";
      const { failure } = await judged(fault, onTestFinished, step);
      expect(failure?.what).toMatch(what);
      expect(failure?.edit).toBe(cell);
    },
  );

  it("nothing passes where no server is", async () => {
    const host = await unsharedAddress();
    const server = { host, port: await unusedPort(host) };
    const { passed, failure } = await check(HTTP_SERVER, { server });
    expect(passed).toEqual([]);
    expect(failure?.what).toContain("ECONNREFUSED");
  });
});
