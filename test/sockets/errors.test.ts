import { describe, expect, it } from "vitest";
import { formatEndpoint } from "../../src/sockets/endpoint";
import { explain, SocketError, socketError, toSocketError } from "../../src/sockets/errors";

const place = { host: "127.0.0.1", port: 8080 };

function systemError(code: string, syscall = "call"): Error {
  return Object.assign(new Error(`${syscall} ${code}`), { code, syscall });
}

describe("toSocketError", () => {
  it.each([
    ["ECONNREFUSED", "REFUSED"],
    ["ETIMEDOUT", "TIMED_OUT"],
    ["ENOTFOUND", "UNKNOWN_HOST"],
    ["EAI_AGAIN", "UNKNOWN_HOST"],
    ["EHOSTUNREACH", "UNREACHABLE"],
    ["ENETUNREACH", "UNREACHABLE"],
    ["ECONNRESET", "RESET"],
    ["EPIPE", "CLOSED_EARLY"],
    ["EADDRINUSE", "ADDRESS_IN_USE"],
    ["EADDRNOTAVAIL", "ADDRESS_NOT_AVAILABLE"],
    ["EAFNOSUPPORT", "ADDRESS_NOT_AVAILABLE"],
    ["EACCES", "PERMISSION_DENIED"],
    ["EPERM", "PERMISSION_DENIED"],
    ["EMSGSIZE", "MESSAGE_TOO_LONG"],
    ["EMFILE", "TOO_MANY_OPEN_FILES"],
    ["ENFILE", "TOO_MANY_OPEN_FILES"],
    ["ERR_STREAM_DESTROYED", "CLOSED"],
    ["ERR_SOCKET_DGRAM_NOT_RUNNING", "CLOSED"],
    ["EWHATEVER", "OTHER"],
  ])(
    "explains %s as %s, in one line that names the endpoint, with one sentence of advice",
    (system, code) => {
      const original = systemError(system, "connect");
      const error = toSocketError(original, "connect", place);
      expect(error).toMatchObject({
        code,
        systemCode: system,
        syscall: "connect",
        cause: original,
        endpoint: place,
      });
      expect(error.message).toMatch(/^connect 127\.0\.0\.1:8080: \S[^\n]*$/);
      expect(error.advice).toMatch(/^[A-Z][^\n]*\.$/);
      expect(error.name).toBe("SocketError");
    },
  );

  it("gives a SocketError back as it is", () => {
    const error = socketError("RESET", "recv", place);
    expect(toSocketError(error, "send", place)).toBe(error);
  });

  it("names an unknown system code in the message", () => {
    const error = toSocketError(systemError("EWHATEVER"), "recv", place);
    expect(error.message).toBe("recv 127.0.0.1:8080: failed with EWHATEVER");
  });

  it("advises about a firewall, not about low ports, where an attempt to connect is forbidden", () => {
    expect(toSocketError(systemError("EPERM"), "connect", place).advice).toMatch(/firewall/);
    const http = { host: "127.0.0.1", port: 80 };
    expect(toSocketError(systemError("EACCES"), "listen", http).advice).toMatch(/below 1024/);
    expect(toSocketError(systemError("EACCES"), "bind", http).advice).toMatch(/below 1024/);
    expect(toSocketError(systemError("EACCES"), "listen", place).advice).not.toMatch(/1024/);
    expect(toSocketError(systemError("EACCES"), "connect", http).advice).not.toMatch(/1024/);
    expect(toSocketError(systemError("EACCES"), "sendto", http).advice).toMatch(/setBroadcast/);
  });

  it("advises about the network, not the spelling, when no name server answered", () => {
    const again = toSocketError(systemError("EAI_AGAIN"), "connect", place);
    expect(again.advice).toMatch(/^No name server answered/);
    expect(toSocketError(systemError("ENOTFOUND"), "connect", place).advice).toMatch(/spelling/);
  });

  it("picks the telling one of the failures of a name's several addresses", () => {
    const failures = [systemError("ENETUNREACH"), systemError("ECONNREFUSED")];
    const all = Object.assign(new AggregateError(failures), { code: "ENETUNREACH" });
    expect(toSocketError(all, "connect", place).code).toBe("REFUSED");
    expect(
      toSocketError(new AggregateError([systemError("EHOSTUNREACH")]), "connect", place).code,
    ).toBe("UNREACHABLE");
  });

  it("keeps what is no Error at all as the cause", () => {
    expect(toSocketError("oops", "recv", place)).toMatchObject({ code: "OTHER", cause: "oops" });
  });
});

describe("explain", () => {
  it("says what happened and what to do next in one line", () => {
    const text = explain(socketError("REFUSED", "connect", place));
    expect(text).toMatch(
      /^connect 127\.0\.0\.1:8080: connection refused\. Nothing listens there: [^\n]*\.$/,
    );
  });

  it("gives the message of any other error", () => {
    expect(explain(new RangeError("out of range"))).toBe("out of range");
    expect(explain("text")).toBe("text");
  });
});

describe("SocketError", () => {
  it("can be made by a program for a peer that closed early, and brings its advice", () => {
    const error = new SocketError(
      "CLOSED_EARLY",
      "recv 127.0.0.1:8080: closed after 3 of 10 bytes",
    );
    expect(error.advice).toMatch(/protocol/);
    expect(error).toBeInstanceOf(Error);
  });
});

describe("formatEndpoint", () => {
  it("writes IPv6 addresses in brackets", () => {
    expect(formatEndpoint(place)).toBe("127.0.0.1:8080");
    expect(formatEndpoint({ host: "::1", port: 80 })).toBe("[::1]:80");
    expect(formatEndpoint({ host: "example.org", port: 80 })).toBe("example.org:80");
  });
});
