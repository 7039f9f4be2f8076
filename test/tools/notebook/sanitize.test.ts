import { describe, expect, it } from "vitest";
import { findCell, parseNotebook } from "../../../src/tools/notebook/format";
import { SANITIZERS, sanitize } from "../../../src/tools/notebook/sanitize";
import { notebookText } from "./support/lab-folder";

const alike = (texts: readonly string[]): void => {
  const [first = "", ...others] = texts.map((text) => sanitize(text));
  expect(first).toContain("<");
  for (const other of others) expect(other).toBe(first);
};

describe("the sanitizer of", () => {
  it.each([
    ["ports: in an endpoint", ["on 127.0.0.1:8080", "on 127.0.0.1:41234"]],
    ["ports: of IPv6", ["[::1]:9090 -> [::1]:50000", "[::1]:33000 -> [::1]:9999"]],
    ["ports: of a host name", ["localhost:8000/", "localhost:39999/"]],
    ["ports: in a Python tuple", ["from ('127.0.0.1', 40001)", "from ('127.0.0.1', 9090)"]],
    [
      "ports: in an object",
      ["{ host: '127.0.0.1', port: 40001 }", "{ host: '127.0.0.1', port: 8080 }"],
    ],
    ["ports: in JSON", ['{"localPort":40001}', '{"localPort":8080}']],
    ["ports: in a sentence", ["port 40001 is open", "port 8080 is open"]],
    ["ports: padded to a column", ["127.0.0.1:8080   |", "127.0.0.1:41234  |"]],
    ["ISO dates", ["at 2026-11-23T02:04:05.678Z.", "at 2020-01-01T00:00:00.000Z."]],
    ["ISO dates: with an offset", ["2026-11-23 02:04:05+01:00", "1999-12-31 23:59:59-05:00"]],
    ["ISO dates: without a time", ["on 2026-11-23", "on 2026-11-24"]],
    ["HTTP dates", ["Date: Mon, 23 Nov 2026 02:04:05 GMT", "Date: Sun, 01 Feb 2026 12:00:00 GMT"]],
    [
      "JavaScript dates",
      ["Mon Nov 23 2026 02:04:05 GMT+0000 (UTC)", "Tue Jan 05 2027 11:11:11 GMT+0100 (CET)"],
    ],
    ["syslog dates", ["<34>Oct 11 22:14:15 host su:", "<34>Nov  3 02:00:00 host su:"]],
    ["clock times", ["[02:04:05] up", "[23:59:59.999] up"]],
    ["durations: milliseconds", ["took 12 ms", "took 1234.5 ms"]],
    ["durations: without a blank", ["took 3.2µs", "took 14µs"]],
    ["durations: seconds", ["after 5 s", "after 0.53 s"]],
    ["durations: in a column", ["ping     3 ms |", "ping   120 ms |"]],
    ["process ids", ["child pid 4711", "child pid 23"]],
    ["process ids: with a colon", ["PID: 4711", "PID: 23"]],
    ["process ids: of syslog", ["sshd[4711]: hello", "sshd[23]: hello"]],
    ["software versions", ["User-Agent: curl/7.88.1", "User-Agent: curl/8.5.0"]],
    ["Node's version", ["Node v20.20.2", "Node v22.1.0"]],
  ])("%s takes out what differs", (_name, texts) => alike(texts));

  it.each([
    ["a well-known port", "localhost:80 and 127.0.0.1:443, port 53"],
    ["a size", "65507 bytes, 1024 at most, 8080 of them"],
    ["a protocol version", "HTTP/1.1 200 OK"],
    ["a status and a reason", "404 Not Found, 200 seen"],
    ["a count of things", "3 visitors, 2 streams, connection #8080"],
    ["an index", "buffer[12] = 7"],
    ["an address", "192.168.1.100 is not 192.168.1.101"],
    ["a ratio", "16:9 and 3:4"],
    ["a telephone number", "555-2026-11-23-4"],
  ])("keeps %s", (_name, text) => {
    expect(sanitize(text)).toBe(text);
  });

  it("each kind has a name of its own", () => {
    expect(new Set(SANITIZERS.map(({ name }) => name)).size).toBe(SANITIZERS.length);
  });
});

describe("a cell's tags sanitize more:", () => {
  const cell = (tag: string) => {
    const found = findCell(parseNotebook(notebookText(`%% code one ${tag}\n1\n`), "x"), "one");
    if (!found) throw new Error("no cell");
    return found;
  };

  it("sanitize-numbers", () => {
    expect(sanitize("3 of 1,024", cell("sanitize-numbers"))).toBe("<number> of <number>");
  });

  it("sanitize-blanks", () => {
    expect(sanitize("a   b\tc", cell("sanitize-blanks"))).toBe("a b c");
  });

  it("sanitize-line-order", () => {
    expect(sanitize("b\na", cell("sanitize-line-order"))).toBe("a\nb");
  });

  it("and only that cell's", () => {
    expect(sanitize("3 of 1,024", cell("other"))).toBe("3 of 1,024");
  });
});
