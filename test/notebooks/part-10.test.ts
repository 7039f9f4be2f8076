/** What Part 10 promises, said by its stored outputs; that the cells print them is checked where the notebooks run. */
import { describe, expect, test } from "vitest";
import { storedPart } from "./support/stored";

const { printed } = await storedPart("10-dns");

describe("the stored output shows", () => {
  test("a query of 12 and 24 bytes, and its name and address in the answer", () => {
    expect(printed("send-query")).toMatch(
      /^header {3}12 34 01 00 .*\nquestion 06 63 .* 00 01 00 01\n24 bytes\n$/,
    );
    expect(printed("reply-bytes")).toContain("c0 0c");
    expect(printed("read-reply")).toMatch(/answer: +core-1\.lab\.example \[ '192\.0\.2\.11' \]\n$/);
  });

  test("a pointer to itself, refused by both readers", () => {
    expect(printed("loop").split("\n")).toEqual([
      "Error: bad pointer to byte 12",
      "DnsError: a compression pointer does not lead backwards: to byte 12",
      "",
    ]);
  });

  test("that a missing name and a missing type are two answers", () => {
    expect(printed("nothing")).toMatch(/A NXDOMAIN 0 answers\n.*\n.*MX NOERROR 0 answers\n/);
  });

  test("that lookup knows the hosts file and resolve does not need it", () => {
    expect(printed("lookup-resolve")).toMatch(
      /lookup localhost +127\.0\.0\.1\n.*192\.0\.2\.11\n.*ENOTFOUND\n/,
    );
  });

  test("the way from the root to the address, in three steps", () => {
    expect(printed("walk").trim().split("\n")).toHaveLength(3);
    expect(printed("walk")).toMatch(/lab\.example\. +answer: 192\.0\.2\.11\n$/);
  });

  test("five forged answers refused, each for its reason, and the true one taken", () => {
    expect(printed("spoofed").trim().split("\n")).toEqual([
      "refused: not DNS",
      "refused: not an answer",
      "refused: another id",
      "refused: another question",
      "refused: from another place",
      "taken:   192.0.2.1",
    ]);
  });

  test("truncation over UDP, and the whole over TCP", () => {
    expect(printed("truncated")).toMatch(/ tc .* 0 answers\n$/);
    expect(printed("run-long")).toBe("askUdp   truncated, 0 answers\naskName  whole, 8 answers\n");
  });

  test("a TTL that counts down, and absences forgotten sooner", () => {
    expect(printed("cache")).toMatch(
      /second 29: TTL 31 \| NXDOMAIN\n.*TTL 29 \| forgotten\n.*forgotten \| forgotten\n$/,
    );
  });

  test("the programs at work, and Node's own resolver content with them", () => {
    expect(printed("run-lookup")).toMatch(
      /^192\.0\.2\.254\n[\s\S]*AAAA\t2001:db8::11\n[\s\S]*exit code 1\n$/,
    );
    expect(printed("run-node")).toContain("address: '192.0.2.254', ttl: 60");
  });
});
