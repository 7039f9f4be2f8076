import { STATUS_CODES } from "node:http";
import { expect, test } from "vitest";
import { reasonPhrase } from "../../src/http/response";
import { fieldLines, fieldName, parseLength } from "../../src/http/response-fields";

/** Statuses that RFC 9110 named otherwise than its predecessors, whose words Node keeps. */
const RENAMED: Readonly<Record<string, string>> = {
  413: "Content Too Large",
  422: "Unprocessable Content",
};

test("a status has the reason phrase of its RFC, or none", () => {
  const named = Object.keys(STATUS_CODES).filter((status) => reasonPhrase(Number(status)) !== "");
  expect(named.length).toBeGreaterThan(40);
  for (const status of named) {
    expect(reasonPhrase(Number(status))).toBe(RENAMED[status] ?? STATUS_CODES[status]);
  }
  expect(reasonPhrase(299)).toBe("");
});

test("an error about a field names the field, and shows the start of its value", () => {
  const value = `bad\n${"x".repeat(100)}`;
  expect(() => fieldLines(fieldName("X-Test"), value)).toThrow(
    `the field X-Test cannot have the value "bad\\n${"x".repeat(54)};`,
  );
  expect(() => parseLength("1.5")).toThrow('Content-Length cannot be "1.5"');
  expect(() => fieldName("Keep-Alive")).toThrow("the field Keep-Alive is the server's to set");
});
