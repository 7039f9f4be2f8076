import { expect, test } from "vitest";
import { byteCount, escapeText, preview } from "../../src/wire/preview";
import { clip, textWidth, wrap } from "../../src/wire/width";
import { bytes } from "./made";

const line = (text: string | Uint8Array, columns = 40, ascii = false) =>
  preview(bytes(text), { columns, lines: 1, ascii })[0];

test("what fits is shown whole, in quotes, with line ends visible", () => {
  expect(line("Hello!")).toBe('"Hello!"');
  expect(line("GET / HTTP/1.1\r\n\r\n")).toBe('"GET / HTTP/1.1\\r\\n\\r\\n"');
  expect(line("tab\there\\n")).toBe('"tab\\there\\\\n"');
});

test("of a longer text of lines the first is shown whole and alone", () => {
  const response = `HTTP/1.1 200 OK\r\nDate: Mon, 16 Dec 2025 10:30:00 GMT\r\n\r\n`;
  expect(line(response, 40)).toBe('"HTTP/1.1 200 OK\\r\\n…"');
  expect(line(response, 40, true)).toBe('"HTTP/1.1 200 OK\\r\\n..."');
});

test("a long first line is cut, and never wider than its room", () => {
  for (const columns of [8, 13, 20, 41]) {
    for (const text of [
      "x".repeat(5000),
      "日本".repeat(50),
      "\u0007".repeat(30) + "a".repeat(90),
    ]) {
      const shown = line(text, columns);
      expect(textWidth(shown), shown).toBeLessThanOrEqual(columns);
      expect(shown).toContain("…");
    }
  }
});

test("bytes that are not UTF-8 show as bytes, and a character cut by the stream too", () => {
  const cut = Buffer.from("naïve text").subarray(0, 3);
  expect(line(Buffer.concat([Buffer.from("long enough: "), cut]))).toBe('"long enough: na\\xC3"');
  expect(line(Buffer.from([0x61, 0x62, 0x63, 0x64, 0xc0, 0xaf]))).toBe("<61 62 63 64 c0 af>");
  const overlong = Buffer.concat([Buffer.from("a long text "), Buffer.from([0xc0, 0xaf])]);
  expect(line(overlong)).toBe('"a long text \\xC0\\xAF"');
  const surrogate = Buffer.concat([Buffer.from("a long text "), Buffer.from([0xed, 0xa0, 0x80])]);
  expect(line(surrogate)).toBe('"a long text \\xED\\xA0\\x80"');
});

test("a character cut only because the recording kept the beginning is left out", () => {
  const data = { bytes: 5000, head: Buffer.from("café").subarray(0, 4).toString("latin1") };
  expect(preview(data, { columns: 40, lines: 1 })).toEqual(['"caf…"']);
});

test("binary data is shown in hexadecimal", () => {
  const hello = Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03]);
  expect(line(hello, 20)).toBe("<16 03 01 02 00 …>");
});

test("characters that act or deceive are escaped: control, bidirectional, invisible, private", () => {
  expect(line("a\u001b[2Jb\u009b")).toBe('"a\\x1B[2Jb\\u{9B}"');
  expect(line("abc\u202edef\u2066ghi")).toBe('"abc\\u{202E}def\\u{2066}ghi"');
  expect(line("zero\u200bwidth\ufeff and \u00a0 and \ue000", 80)).toBe(
    '"zero\\u{200B}width\\u{FEFF} and \\u{A0} and \\u{E000}"',
  );
  expect(line("line\u2028break")).toBe('"line\\u{2028}break"');
});

test("letters of all scripts stay, and marks only as many as a letter bears", () => {
  expect(line("Ünïcödé Ελλάδα 中文 🎉")).toBe('"Ünïcödé Ελλάδα 中文 🎉"');
  expect(line("z\u0300\u0301\u0302\u0303lgo")).toBe('"z\u0300\u0301\\u{302}\\u{303}lgo"');
});

test("in ASCII everything else is escaped", () => {
  expect(line("é 🎉", 40, true)).toBe('"\\u{E9} \\u{1F389}"');
});

test("several lines are broken after line feeds, and the last says that more follows", () => {
  const text = "one\r\ntwo\r\nthree\r\nfour\r\n";
  expect(preview(bytes(text), { columns: 30, lines: 3 })).toEqual([
    '"one\\r\\n',
    "two\\r\\n",
    'three\\r\\n…"',
  ]);
  expect(preview(bytes(text), { columns: 30, lines: 9 })).toHaveLength(4);
  expect(preview(bytes("short"), { columns: 30, lines: 3 })).toEqual(['"short"']);
});

test("sizes are grouped by thousands", () => {
  expect([0, 999, 1000, 1_048_576].map(byteCount)).toEqual([
    "0 B",
    "999 B",
    "1,000 B",
    "1,048,576 B",
  ]);
});

test("a replacement character that was sent is shown as one, not as bytes", () => {
  expect(line("a\ufffdb")).toBe('"a\ufffdb"');
});

test("names are escaped like data, but keep their backslashes", () => {
  expect(escapeText("C:\\x \u202e\n")).toBe("C:\\x \\u{202E}\\n");
});

test("widths are those of a terminal", () => {
  expect(textWidth("abc")).toBe(3);
  expect(textWidth("日本語")).toBe(6);
  expect(textWidth("한국")).toBe(4);
  expect(textWidth("🎉")).toBe(2);
  expect(textWidth("e\u0301")).toBe(1);
  expect(textWidth("─►×…")).toBe(4);
  expect(textWidth("ｆｕｌｌ")).toBe(8);
});

test("clipping and wrapping count columns, not characters", () => {
  expect(clip("日本語です", 7)).toBe("日本語…");
  expect(clip("fits", 4)).toBe("fits");
  expect(clip("anything", 0)).toBe("");
  expect(wrap("one two three", 7)).toEqual(["one two", "three"]);
  expect(wrap("unbreakable", 6)).toEqual(["unbre…"]);
});

test("the first letter of three bytes is a letter", () => {
  expect(line("\u0800 and \u0801")).toBe('"\u0800 and \u0801"');
});

test("text that is mostly characters which deceive is shown as bytes", () => {
  expect(line("\u202e\u202e\u202eab", 60)).toBe("<e2 80 ae e2 80 ae e2 80 ae 61 62>");
});
