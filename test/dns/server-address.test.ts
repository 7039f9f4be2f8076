import { expect, test } from "vitest";
import { parseServer } from "../../src/dns/server-address";

test.each([
  ["127.0.0.1:5300", "127.0.0.1", 5300],
  ["127.0.0.1", "127.0.0.1", 53],
  ["ns.example:53", "ns.example", 53],
  ["[::1]:5300", "::1", 5300],
  ["[::1]", "::1", 53],
  ["::1", "::1", 53],
])("%s is a server", (text, host, port) => {
  expect(parseServer(text)).toEqual({ host, port });
});

test.each(["", ":53", "a:0", "a:65536", "a:b", "a b", "[::1", "[]:53", "a:1:", "[a]:53"])(
  "%j is none",
  (text) => {
    expect(parseServer(text)).toBeUndefined();
  },
);
