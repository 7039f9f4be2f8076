import { afterEach, describe, expect, it, vi } from "vitest";
import { Fields } from "../../src/http/fields";
import { DEFAULT_LIMITS } from "../../src/http/limits";
import { requestBytes } from "../../src/http/request-bytes";
import { type RequestEvent, RequestParser } from "../../src/http/request-parser";

afterEach(() => {
  vi.restoreAllMocks();
});

/** Bytes that Buffer copies and decodes while `action` runs. */
function bytesMoved(action: () => void): number {
  let moved = 0;
  const copy = Buffer.prototype.copy;
  const decode = Buffer.prototype.toString;
  vi.spyOn(Buffer.prototype, "copy").mockImplementation(function (this: Buffer, ...options) {
    const copied = copy.apply(this, options);
    moved += copied;
    return copied;
  });
  vi.spyOn(Buffer.prototype, "toString").mockImplementation(function (this: Buffer, ...options) {
    const text = decode.apply(this, options);
    moved += text.length;
    return text;
  });
  action();
  vi.restoreAllMocks();
  return moved;
}

function readByteByByte(bytes: Buffer, parser: RequestParser): RequestEvent[] {
  const events: RequestEvent[] = [];
  for (let at = 0; at < bytes.length; at++) {
    parser.push(bytes.subarray(at, at + 1));
    for (let event = parser.next(); event !== undefined; event = parser.next()) events.push(event);
  }
  return events;
}

describe("a slow sender costs no more than a fast one", () => {
  const field = `X: ${"y".repeat(1000)}\r\n`;
  const head = (fields: number) => `POST / HTTP/1.1\r\nHost: a\r\n${field.repeat(fields)}`;

  it("a head sent byte by byte is moved in proportion to its length", () => {
    const moved = [15, 60].map((fields) =>
      bytesMoved(() => {
        const bytes = Buffer.from(`${head(fields)}\r\n`);
        const events = readByteByByte(bytes, new RequestParser());
        expect(events.map((event) => event.type)).toEqual(["head", "end"]);
      }),
    );
    expect(moved[1]).toBeLessThan(60 * 1013 * 6);
    expect(moved[1] / moved[0]).toBeLessThan(8);
  });

  it("a body sent byte by byte is not copied at all", () => {
    const length = 128 * 1024;
    const framed = `${head(1)}Content-Length: ${length}\r\n\r\n`;
    const parser = new RequestParser();
    parser.push(Buffer.from(framed));
    expect(parser.next()?.type).toBe("head");
    let events: RequestEvent[] = [];
    const moved = bytesMoved(() => {
      events = readByteByByte(Buffer.alloc(length), parser);
    });
    expect(events).toHaveLength(length + 1);
    expect(moved).toBe(0);
  });

  it("many pieces pushed before the first is read are taken one by one, in order", () => {
    const parser = new RequestParser();
    const bytes = Buffer.from(`${head(2)}Content-Length: 100000\r\n\r\n${"ab".repeat(50_000)}`);
    for (let at = 0; at < bytes.length; at++) parser.push(bytes.subarray(at, at + 1));
    expect(parser.buffered).toBe(bytes.length);
    const pieces: Buffer[] = [];
    for (let event = parser.next(); event !== undefined; event = parser.next()) {
      if (event.type === "body") pieces.push(event.bytes);
    }
    expect(Buffer.concat(pieces).toString()).toBe("ab".repeat(50_000));
    expect(parser.idle).toBe(true);
  });
});

describe("the parser", () => {
  it("keeps what it gave out: later bytes do not change an earlier body piece", () => {
    const parser = new RequestParser();
    const requests = Buffer.from(
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabcGET /next HTTP/1.1\r\nHost: a\r\n\r\n",
    );
    parser.push(requests.subarray(0, 20));
    parser.push(requests.subarray(20, 60));
    const pieces: Buffer[] = [];
    const take = () => {
      for (let event = parser.next(); event !== undefined; event = parser.next()) {
        if (event.type === "body") pieces.push(event.bytes);
      }
    };
    take();
    for (let at = 60; at < requests.length; at++) {
      parser.push(requests.subarray(at, at + 1));
      take();
    }
    expect(Buffer.concat(pieces).toString()).toBe("abc");
  });

  it("takes any Uint8Array", () => {
    const parser = new RequestParser();
    parser.push(new TextEncoder().encode("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
    expect(parser.next()).toMatchObject({ type: "head", method: "GET", host: "a" });
  });

  it("says nothing more after an error, whatever comes", () => {
    const parser = new RequestParser();
    parser.push(Buffer.from("GET / HTTP/9.9\r\n"));
    expect(parser.next()).toMatchObject({ type: "error", error: { status: 505 } });
    parser.push(Buffer.from("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
    parser.end();
    expect(parser.next()).toBeUndefined();
    expect(parser.buffered).toBe(0);
  });

  it("counts content against its limit before it is read, and chunks as they come", () => {
    const limits = { ...DEFAULT_LIMITS, maxBodyBytes: 4 };
    const errors = [
      "Content-Length: 5\r\n\r\n",
      "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\n",
    ].map((rest) => {
      const parser = new RequestParser(limits);
      parser.push(Buffer.from(`POST / HTTP/1.1\r\nHost: a\r\n${rest}`));
      let last: RequestEvent | undefined;
      for (let event = parser.next(); event !== undefined; event = parser.next()) last = event;
      return last;
    });
    for (const error of errors) expect(error).toMatchObject({ error: { code: "BODY_TOO_LARGE" } });
  });
});

describe("fields", () => {
  const fields = Fields.from([
    ["Accept", "a"],
    ["X-Y", "1"],
    ["accept", "b"],
  ]);

  it("are found without regard to case, and joined in order", () => {
    expect(fields.get("ACCEPT")).toBe("a, b");
    expect(fields.getAll("Accept")).toEqual(["a", "b"]);
    expect(fields.has("x-y")).toBe(true);
    expect(fields.get("x")).toBeUndefined();
    expect(fields.getAll("x")).toEqual([]);
    expect(fields.size).toBe(3);
  });

  it("can be listed as they came, and printed", () => {
    expect(Array.from(fields)).toEqual([
      ["Accept", "a"],
      ["X-Y", "1"],
      ["accept", "b"],
    ]);
    expect(JSON.stringify(fields)).toBe('{"accept":"a, b","x-y":"1"}');
  });
});

describe("requestBytes", () => {
  it("writes a request, its content framed as its fields say", () => {
    const plain = requestBytes({ method: "GET", target: "/", fields: [["Host", "a"]] });
    expect(plain.toString()).toBe("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    const chunked = requestBytes({
      method: "POST",
      target: "/",
      fields: [
        ["Host", "a"],
        ["Transfer-Encoding", "chunked"],
      ],
      body: Buffer.from("hello"),
      trailers: [["Sum", "1"]],
    });
    expect(chunked.toString()).toMatch(/\r\n\r\n5\r\nhello\r\n0\r\nSum: 1\r\n\r\n$/);
  });
});
