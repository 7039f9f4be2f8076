import { describe, expect, test } from "vitest";
import { RING_BYTES, TextRing } from "../../../src/tools/kernel/text-ring";

const text = (ring: TextRing): string => {
  let all = "";
  for (let record = ring.read(ring.written); record; record = ring.read(ring.written)) {
    all += Buffer.from(record.bytes).toString();
  }
  return all;
};

describe("the ring that carries printed text", () => {
  test("gives back each piece with its cell and stream, in order", () => {
    const ring = new TextRing(TextRing.allocate());
    ring.write(7, "stdout", Buffer.from("one"));
    ring.write(8, "stderr", Buffer.from("two"));
    const records = [ring.read(ring.written), ring.read(ring.written), ring.read(ring.written)];
    expect(records.map((r) => r && [r.request, r.name, Buffer.from(r.bytes).toString()])).toEqual([
      [7, "stdout", "one"],
      [8, "stderr", "two"],
      undefined,
    ]);
  });

  test("keeps everything while it goes round many times, whatever the sizes", () => {
    const ring = new TextRing(TextRing.allocate());
    let written = 0;
    for (let i = 0; written < 5 * RING_BYTES; i++) {
      const piece = String(i).repeat(1 + ((i * 7919) % 9000));
      ring.write(1, "stdout", Buffer.from(piece));
      written += piece.length;
      if (text(ring) !== piece) throw new Error(`piece ${i} was changed`);
    }
  });

  test("reads only up to the position asked for", () => {
    const ring = new TextRing(TextRing.allocate());
    ring.write(1, "stdout", Buffer.from("before"));
    const position = ring.written;
    ring.write(1, "stdout", Buffer.from("after"));
    expect(Buffer.from(ring.read(position)?.bytes ?? []).toString()).toBe("before");
    expect(ring.read(position)).toBeUndefined();
    expect(text(ring)).toBe("after");
  });

  test("wakes an idle reader once, and again after it has rested", () => {
    const ring = new TextRing(TextRing.allocate());
    expect(ring.write(1, "stdout", Buffer.from("a"))).toBe(true);
    expect(ring.write(1, "stdout", Buffer.from("b"))).toBe(false);
    expect(ring.rest()).toBe(false); // unread text: not time to rest
    text(ring);
    expect(ring.rest()).toBe(true);
    expect(ring.write(1, "stdout", Buffer.from("c"))).toBe(true);
  });

  test("is given up by a writer that is told to, when nobody reads", () => {
    const ring = new TextRing(TextRing.allocate());
    let asked = 0;
    ring.giveUp = () => ++asked > 0;
    ring.write(1, "stdout", Buffer.alloc(2 * RING_BYTES, "x"));
    expect(asked).toBeGreaterThan(0);
    expect(text(ring).length).toBeLessThan(RING_BYTES);
  });
});
