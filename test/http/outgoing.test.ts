import type { Socket } from "node:net";
import { Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { Outgoing } from "../../src/http/outgoing";

/** Notes what each call of the system would write. */
class Sink extends Writable {
  readonly calls: string[][] = [];

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.calls.push([String(chunk)]);
    done();
  }

  override _writev(chunks: { chunk: Buffer }[], done: () => void): void {
    this.calls.push(chunks.map(({ chunk }) => String(chunk)));
    done();
  }
}

function outgoing(): { sink: Sink; out: Outgoing } {
  const sink = new Sink();
  return { sink, out: new Outgoing(sink as Writable as Socket) }; // it asks no more of a socket
}

describe("what goes out of a connection", () => {
  it("is gathered, small bytes too, until it is flushed", () => {
    const { sink, out } = outgoing();
    out.text("head ");
    out.bytes(Buffer.from("small"));
    expect(sink.calls).toEqual([]);
    expect(out.pending).toBe(true);
    out.flush();
    expect(sink.calls).toEqual([["head small"]]);
    out.flush();
    expect(sink.calls).toHaveLength(1);
    out.text("head ");
    out.bytes(Buffer.from("y".repeat(4096)));
    out.flush();
    expect(sink.calls[1]).toEqual([`head ${"y".repeat(4096)}`]);
  });

  it("goes in one call when large bytes follow gathered text", () => {
    const { sink, out } = outgoing();
    const large = "x".repeat(4097);
    out.text("head ");
    out.bytes(Buffer.from(large));
    expect(sink.calls).toEqual([["head ", large]]);
  });

  it("goes without a flush when much was gathered", () => {
    const { sink, out } = outgoing();
    out.text("x".repeat(64 * 1024));
    expect(sink.calls).toEqual([]);
    out.text("y");
    expect(sink.calls.map(([text]) => text.length)).toEqual([64 * 1024 + 1]);
  });

  it("goes once at the end of the turn, however often that is asked for", async () => {
    const { sink, out } = outgoing();
    out.text("a");
    out.flushSoon();
    out.flushSoon();
    out.text("b");
    await new Promise(process.nextTick);
    out.text("c");
    out.flushSoon();
    await new Promise(process.nextTick);
    expect(sink.calls).toEqual([["ab"], ["c"]]);
  });

  it("is nothing any more when the socket has closed", () => {
    const { sink, out } = outgoing();
    sink.destroy();
    out.text("late");
    out.flush();
    expect(sink.calls).toEqual([]);
  });
});
