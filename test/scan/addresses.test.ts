import { expect, test } from "vitest";
import { formatAddress, parseAddress } from "../../src/scan/addresses";

test.each([
  ["0.0.0.0", 0n],
  ["127.0.0.1", 0x7f000001n],
  ["255.255.255.255", 0xffffffffn],
])("reads the IPv4 address %s and writes it again", (text, value) => {
  expect(parseAddress(text)).toEqual({ family: 4, value });
  expect(formatAddress({ family: 4, value })).toBe(text);
});

// RFC 5952, sections 4 and 5: leading zeros dropped, the longest run of zeros as ::, the first of two.
test.each([
  ["::", "::"],
  ["::1", "::1"],
  ["2001:db8::", "2001:db8::"],
  ["2001:0DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
  ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
  ["2001:0:0:1:0:0:0:1", "2001:0:0:1::1"],
  ["10:0:0:0:0:0:0:10", "10::10"],
  ["fe80::1:10:0:0", "fe80::1:10:0:0"],
  ["64:ff9b::192.0.2.33", "64:ff9b::c000:221"],
])("reads the IPv6 address %s and writes it as %s", (text, canonical) => {
  const parsed = parseAddress(text);
  expect(parsed?.family).toBe(6);
  expect(parsed && formatAddress(parsed)).toBe(canonical);
});

test("an IPv4 address in IPv6 dress is the IPv4 address", () => {
  expect(parseAddress("::ffff:192.0.2.1")).toEqual(parseAddress("192.0.2.1"));
});

test.each(["", "localhost", "1.2.3", "1.2.3.256", "::1::", "fe80::1%lo", "1.2.3.4/8"])(
  "%j is no plain address",
  (text) => {
    expect(parseAddress(text)).toBeUndefined();
  },
);
