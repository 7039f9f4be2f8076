import { describe, expect, test } from "vitest";
import { problem } from "../../src/http/problem";
import { response } from "../../src/http/response";
import { ask, closeAfterEach, get, start } from "./support/servers";

closeAfterEach();

const options = {
  refusal: (status: number, detail: string, fields = {}) => problem(status, detail, fields),
  onError: () => undefined,
};

describe("a server with a refusal of its own answers with it", () => {
  test.each([
    ["to what is no request", "nonsense\r\n\r\n", 400],
    [
      "to a method that it does not know",
      "BREW / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
      501,
    ],
    ["to TRACE", "TRACE / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 405],
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

test("OPTIONS * is the server's to answer, or the handler's if it asks for it", async () => {
  const request = "OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
  const own = await start(() => response(403));
  expect((await ask(own, request)).status).toBe(200);
  const handled = await start(({ path }) => response(403, path), {}, { asterisk: true });
  expect((await ask(handled, request)).status).toBe(403);
});
