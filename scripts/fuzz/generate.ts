/** Makes requests, good and bad: grammatical ones from parts known to matter, then damaged. */

import type { Random } from "./random";

const METHODS = [
  "GET",
  "POST",
  "HEAD",
  "OPTIONS",
  "CONNECT",
  "PUT",
  "get",
  "M-SEARCH",
  "G T",
  "",
  "TRACE",
];
const TARGETS = [
  ...["/", "/a?b=c", "*", "http://a/b", "http://[::1]:80", "a:443", "/%41%zz", "/%00", "//", "/#"],
  ...[
    "https://a/",
    "http://u@a/",
    "/a b",
    "/\x80",
    "http://",
    "/[",
    "?",
    "/%0d",
    "/?a[]={|}^`\\%",
    "http://a?100%",
    `/${"a".repeat(60)}`,
  ],
];
const VERSIONS = ["1.1", "1.1", "1.1", "1.1", "1.0", "1.2", "2.0", "0.9", "1", "1.10"];
const HOSTS = ["a", "a:80", "[::1]:8000", "", "a b", "a,b", "u@a", "a:99999", "[::1", "%41", "%4"];
const LENGTHS = [
  "0",
  "5",
  "05",
  "+5",
  "-1",
  "5, 5",
  "0x5",
  "9007199254740993",
  "99999999999999999999",
  "",
];
const CODINGS = [
  ...["chunked", "Chunked", "chunked", "gzip, chunked", "chunked, gzip", "xchunked", "chunked;a=b"],
  ...["identity", "", ",chunked", "chunked,chunked", '"chunked"', "a;b=c, chunked", "\x0bchunked"],
];
const NAMES = [
  "X",
  "Accept",
  "Cookie",
  "X-Y_z",
  "Content_Length",
  "Transfer_Encoding",
  "X Y",
  ":",
  "X\x80",
];
const VALUES = [
  "y",
  "",
  " y ",
  "\ty\t",
  "a\x80b",
  "a\0b",
  "a\rb",
  "a\nb",
  "a\r\n b",
  "v".repeat(70),
];
const CONNECTIONS = ["close", "keep-alive", "x, close", "CLOSE", "keep-alive, close", "upgrade"];
const SIZES = [
  "5",
  "05",
  "0x5",
  "5 ",
  "5;a",
  '5;a="b"',
  "5;",
  "5 ; a = b",
  "-5",
  "g",
  "",
  "ffffffffffffffff",
];
const TRAILERS = ["X: y", "Content-Length: 5", "Host: b", "X : y", " X: y", "Checksum:  1 "];
const BLANKS = [" ", "  ", "\t", "", " \t "];
const LINE_ENDS = ["\r\n", "\n", "\r", "\r\r\n", "\n\r"];
const DAMAGE = [
  "\r",
  "\n",
  "\r\n",
  "\0",
  " ",
  "\t",
  ":",
  ";",
  ",",
  "\x7f",
  "\xff",
  "0",
  "%",
  '"',
  "\\",
];

/** Bytes of one or more requests; most are good for a way, so that damage reaches every state. */
export function generate(random: Random): Buffer {
  let text = "";
  const requests = 1 + random.below(3);
  for (let made = 0; made < requests; made++) text += request(random);
  const wounds = random.chance(0.4) ? 0 : 1 + random.below(4);
  for (let wound = 0; wound < wounds; wound++) text = damage(random, text);
  return Buffer.from(text, "latin1");
}

/** Mostly the first of the choices, else any of them. */
function mostly<T>(random: Random, choices: readonly T[], probability = 0.85): T {
  return random.chance(probability) ? choices[0] : random.pick(choices);
}

function request(random: Random): string {
  const end = mostly(random, LINE_ENDS, 0.985);
  const lines: string[] = [];
  const field = (name: string, value: string) => {
    const colon = mostly(random, [":", " :", ""], 0.99);
    lines.push(`${name}${colon}${mostly(random, BLANKS)}${value}`);
  };
  const hosts = mostly(random, [1, 0, 2], 0.95);
  for (let host = 0; host < hosts; host++)
    field(mostly(random, ["Host", "HOST"]), mostly(random, HOSTS, 0.95));
  const others = random.below(4);
  for (let other = 0; other < others; other++) {
    field(mostly(random, NAMES), mostly(random, VALUES));
  }
  if (random.chance(0.2)) field("Connection", random.pick(CONNECTIONS));
  if (random.chance(0.1)) field("Expect", random.pick(["100-continue", "x", ""]));

  let body = "";
  const framing = random.below(4);
  if (framing === 1 || random.chance(0.03)) {
    field("Content-Length", mostly(random, ["5", ...LENGTHS]));
    body += random.pick(["hello", "hell", "\r\n\r\n\r", "GET /"]);
  }
  if (random.chance(0.02)) field("Content-Length", "5");
  if (framing === 2 || random.chance(0.03)) {
    field("Transfer-Encoding", mostly(random, CODINGS));
    body += chunks(random, end);
  }
  const empty = random.chance(0.1)
    ? random.pick(["\r\n", "\n", "\r\n\r\n", "\r\n\r\n\r\n\r\n\r\n"])
    : "";
  const space = mostly(random, [" ", "  ", "\t"], 0.985);
  const target = mostly(random, TARGETS);
  const version = mostly(random, VERSIONS, 0.9);
  const start = `${mostly(random, METHODS, 0.7)}${space}${target}${space}HTTP/${version}`;
  const order = random.chance(0.3) ? lines.reverse() : lines;
  return `${empty}${[start, ...order].join(end)}${end}${end}${body}`;
}

function chunks(random: Random, end: string): string {
  let text = "";
  const count = random.below(4);
  for (let chunk = 0; chunk < count; chunk++) {
    text += `${mostly(random, SIZES)}${end}hello${mostly(random, LINE_ENDS, 0.98)}`;
  }
  text += `${mostly(random, ["0", "00", "0;a=b", "0 "])}${end}`;
  const trailers = random.chance(0.3) ? 1 + random.below(2) : 0;
  for (let trailer = 0; trailer < trailers; trailer++) {
    text += `${mostly(random, TRAILERS, 0.6)}${end}`;
  }
  return text + end;
}

function damage(random: Random, text: string): string {
  const at = random.below(text.length + 1);
  const length = 1 + random.below(random.chance(0.8) ? 3 : 40);
  switch (random.below(6)) {
    case 0:
      return text.slice(0, at) + random.pick(DAMAGE) + text.slice(at);
    case 1:
      return text.slice(0, at) + random.pick(DAMAGE) + text.slice(at + 1);
    case 2:
      return text.slice(0, at) + text.slice(at + length);
    case 3:
      return text.slice(0, at + length) + text.slice(at);
    case 4:
      return text.slice(0, at) + String.fromCharCode(random.below(256)) + text.slice(at + 1);
    default:
      return random.chance(0.5) ? text.slice(0, at) : text.slice(at);
  }
}
