/** config_client asks a server that means harm: nothing reaches the terminal as a command, nothing goes on for ever. */
import { describe, expect, onTestFinished, test } from "vitest";
import { main } from "../../dist/config_client";
import type { HttpRequest } from "../../src/http/http-request";
import { type HttpResponse, response } from "../../src/http/response";
import { serve } from "../../src/http/server";
import { runHere } from "../support/here";

/** Clears the screen, writes the clipboard (OSC 52), starts a C1 sequence, turns the line round. */
const EVIL = "\u001b[2J\u001b]52;c;ZXZpbA==\u0007\u009b31m\u202eevil";
/** What takes a terminal over: control characters (but for the end of a line) and signs of direction. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it looks for them
const UNSAFE = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

const JSON_TYPE = { "Content-Type": "application/json" };
const PROBLEM = { "Content-Type": "application/problem+json" };
const list = (value: unknown) => response(200, JSON.stringify(value), JSON_TYPE);

async function asked(answer: (request: HttpRequest) => HttpResponse, ...args: readonly string[]) {
  const server = await serve({ port: 0 }, answer);
  onTestFinished(() => server.stop());
  return runHere(main, ["--port", `${server.local.port}`, ...args]).end();
}

describe("what reaches the terminal is text only, whatever the server sends as", () => {
  test.each<[string, HttpResponse, string[]]>([
    ["a problem's detail", response(404, JSON.stringify({ detail: EVIL }), PROBLEM), ["get", "r1"]],
    ["a problem that is not JSON", response(404, EVIL, PROBLEM), ["get", "r1"]],
    ["an error page", response(500, EVIL), ["list"]],
    ["a list that is not JSON", response(200, EVIL, JSON_TYPE), ["list"]],
    ["a list of something else", list(EVIL), ["list"]],
    ["a list whose entries are none", list({ configs: [EVIL] }), ["list"]],
    ["a name", list({ configs: [{ name: EVIL, etag: EVIL, time: EVIL }] }), ["list"]],
    [
      "a line that was found",
      list({ configs: [{ name: "r1", lines: [EVIL] }] }),
      ["list", "--contains", "x"],
    ],
    ["the next page", list({ configs: [], next: `/${EVIL}` }), ["list"]],
    ["the answer to a rollback", response(200, EVIL, JSON_TYPE), ["rollback", "r1"]],
    ["a version", list({ versions: [{ version: EVIL, time: EVIL }] }), ["versions", "r1"]],
    ["a redirection", response(302, EVIL, { Location: "/elsewhere" }), ["list"]],
  ])("%s", async (_what, answer, args) => {
    const { stdout, stderr } = await asked(() => answer, ...args);
    expect(stdout).not.toMatch(UNSAFE);
    expect(stderr).not.toMatch(UNSAFE);
    expect(stderr.split("\n").length).toBeLessThanOrEqual(2);
    expect(stderr).not.toMatch(/\n {4}at /);
  });
});

describe("a list without end", () => {
  test("that names one page again and again fails in a line", async () => {
    const { status, stderr } = await asked(() => list({ configs: [], next: "/configs" }), "list");
    expect(stderr).toBe("config_client: the list has a page twice: is it a config_server?\n");
    expect(status).toBe(1);
  });

  test("that names two pages in turn fails in a line, after a number of requests", async () => {
    let requests = 0;
    const { status, stderr } = await asked(({ path }) => {
      requests++;
      return list({ configs: [], next: path === "/configs" ? "/configs/" : "/configs" });
    }, "list");
    expect(stderr).toBe("config_client: the list has a page twice: is it a config_server?\n");
    expect([status, requests]).toEqual([1, 2]);
  });
});

describe("bad usage is a line, and asks no server", () => {
  test.each([
    ["get", "a", "x y"],
    ["get", "a", "1/../2"],
    ["diff", "a", "x y"],
    ["diff", "a", "1", "-"],
    ["rollback", "a", "last"],
    ["delete", "a", "--if-match", "ü"],
    ["put", "a", "/dev/null", "--if-match", "\n"],
    ["list", "--token", "ü"],
    ["list", "--token", "a\r\nb"],
  ])("%s %s %s", async (...args) => {
    let requests = 0;
    const { status, stderr } = await asked(
      () => {
        requests++;
        return list({ configs: [] });
      },
      ...args,
    );
    expect(stderr).toMatch(/^config_client: [^\n]+\nTry: [^\n]+ --help\n$/);
    expect([status, requests]).toEqual([2, 0]);
  });
});
