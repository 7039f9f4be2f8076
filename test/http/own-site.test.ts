import { describe, expect, test } from "vitest";
import { problem } from "../../src/http/problem";
import { response } from "../../src/http/response";
import { exchange, parseResponses } from "./support/raw-client";
import { closeAfterEach, start } from "./support/servers";

closeAfterEach();

async function statusFor(target: string, fields: string, hosts?: string[]): Promise<number> {
  const server = await start(() => response(200, "secret"), {}, hosts && { hosts });
  const port = server.local.port;
  const request = `GET ${target} HTTP/1.1\r\n${fields}Connection: close\r\n\r\n`;
  const [answer] = parseResponses(await exchange(port, request.replaceAll("PORT", String(port))));
  expect(answer.body.includes("secret")).toBe(answer.status === 200);
  return answer.status;
}

describe("a server that is closed to pages of other sites", () => {
  test.each([
    ["127.0.0.1:PORT", 200],
    ["127.0.0.1", 200],
    ["[::1]:PORT", 200],
    ["localhost:PORT", 200],
    ["LOCALHOST", 200],
    ["localhost.", 200],
    ["lab.localhost:PORT", 200],
    ["my-vm:PORT", 200],
    ["My-VM", 200],
    ["evil.example", 421],
    ["evil.example:PORT", 421],
    ["localhost.evil.example", 421],
    ["evillocalhost", 421],
    ["127.0.0.1.evil.example", 421],
    ["my-vm.evil.example", 421],
  ])("Host: %s: %i", async (host, status) => {
    expect(await statusFor("/", `Host: ${host}\r\n`, ["my-vm"])).toBe(status);
  });

  test("believes the target, not the Host field, if both name a host", async () => {
    expect(await statusFor("http://evil.example/", "Host: localhost\r\n", [])).toBe(421);
    expect(await statusFor("http://localhost/", "Host: evil.example\r\n", [])).toBe(200);
  });

  test.each([
    ["http://localhost:PORT", 200],
    ["HTTP://LocalHost:PORT", 200],
    ["http://localhost:1", 403],
    ["https://localhost:PORT", 403],
    ["http://evil.example", 403],
    ["null", 403],
  ])("Origin: %s: %i", async (origin, status) => {
    const fields = `Host: localhost:PORT\r\nOrigin: ${origin}\r\n`;
    expect(await statusFor("/", fields, [])).toBe(status);
  });

  test("answers OPTIONS * and unknown methods of others with the same", async () => {
    const server = await start(() => response(200), {}, { hosts: [] });
    for (const start of ["OPTIONS *", "BREW /"]) {
      const request = `${start} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n`;
      expect(await exchange(server.local.port, request)).toMatch(/^HTTP\/1.1 421 /);
    }
  });
});

test("a server that is not closed answers for any host", async () => {
  expect(await statusFor("/", "Host: evil.example\r\nOrigin: http://evil.example\r\n")).toBe(200);
});

test("problem details are what their type says", () => {
  expect(problem(404, "nothing here").fields).toMatchObject({
    "X-Content-Type-Options": "nosniff",
  });
});
