import { describe, expect, test } from "vitest";
import { problem } from "../../src/http/problem";
import { response } from "../../src/http/response";
import { ask, closeAfterEach, get, start } from "./support/servers";

closeAfterEach();

const options = {
  errorResponse: (status: number, detail: string, fields = {}) => problem(status, detail, fields),
  onError: () => undefined,
};

describe("a server with error responses of its own sends them", () => {
  test.each([
    ["to what is no request", "nonsense\r\n\r\n", 400],
    [
      "to a method that it does not know",
      "BREW / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
      501,
    ],
    ["to TRACE", "TRACE / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 501],
    ["to too large a body", "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 9999\r\n\r\n", 413],
    ["for a handler that failed", get("/fail"), 500],
  ])("%s", async (_what, request, status) => {
    const handler = async ({ path, bytes }: { path: string; bytes: () => Promise<Buffer> }) => {
      if (path === "/fail") throw new Error("not for clients");
      return response(200, await bytes());
    };
    const server = await start(
      (asked) => handler({ path: asked.path, bytes: () => asked.bytes() }),
      { maxBodyBytes: 100 },
      options,
    );
    const answer = await ask(server, request);
    expect(answer.status).toBe(status);
    const { detail, ...members } = JSON.parse(String(answer.body));
    expect(members).toMatchObject({ type: "about:blank", status });
    expect(detail).toMatch(/^[a-z].*[a-z)]/);
    expect(detail).not.toContain("not for clients");
  });
});

test("OPTIONS * is answered by the server, or by the handler if it asks for it", async () => {
  const request = "OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
  const server = await start(() => response(403));
  const answer = await ask(server, request);
  expect(answer.status).toBe(200);
  expect(answer.fields.get("allow")).toBe("GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
  const handled = await start(({ path }) => response(403, path), {}, { asterisk: true });
  expect((await ask(handled, request)).status).toBe(403);
});

describe("error responses that themselves fail do not take the server down", () => {
  const fail = (): never => {
    throw new Error("no response for you");
  };
  const unsendable = (status: number) => response(status, "", { "Not a name": "x" });

  test.each([
    ["thrown", fail, "nonsense\r\n\r\n", 400],
    ["thrown, for a handler that failed", fail, get("/fail"), 500],
    ["unsendable", unsendable, "nonsense\r\n\r\n", 500],
    ["unsendable, for a handler that failed", unsendable, get("/fail"), 500],
  ])("%s", async (_what, errorResponse, request, status) => {
    const errors: unknown[] = [];
    const server = await start(
      () => fail(),
      {},
      { errorResponse, onError: (error) => errors.push(error) },
    );
    expect((await ask(server, request)).status).toBe(status);
    expect(errors).not.toEqual([]);
  });
});
