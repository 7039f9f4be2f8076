/** Requests with something wrong in them, the same on every run. */

const SEED = 0x5eed;

const GOOD = [
  "GET /hello HTTP/1.1\r\nHost: localhost\r\nUser-Agent: Mozilla/5.0\r\nAccept: text/html\r\n\r\n",
  "GET /about?q=%20x HTTP/1.0\r\n\r\n",
  "HEAD / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
  "POST /hello HTTP/1.1\r\nHost: localhost\r\nContent-Length: 11\r\n\r\nhello=world",
  "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
];

const DISTURBING = [
  "\r\n",
  "\n",
  "\r",
  "\0",
  " ",
  ":",
  "%",
  "%ff",
  "\xff",
  "\u0016\u0003\u0001",
  "0",
  "-1",
];
const MORE = [
  "Host: other\r\n",
  "Content-Length: 3\r\n",
  "Transfer-Encoding: x\r\n",
  "<script>",
  "x".repeat(9_000),
];

/** Numbers from 0 up to below 1 (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** `count` good requests with one to four changes each, one character a byte. */
export function* mutations(count: number, seed = SEED): Generator<string> {
  const next = random(seed);
  const below = (n: number) => Math.floor(next() * n);
  const one = (choices: readonly string[]) => choices[below(choices.length)] ?? "";
  for (let i = 0; i < count; i++) {
    let text = one(GOOD);
    for (let changes = 1 + below(4); changes > 0; changes--) {
      const at = below(text.length + 1);
      const end = at + below(8);
      const piece = text.slice(at, end);
      const changed = [
        () => text.slice(0, at) + text.slice(end),
        () => text.slice(0, at) + one(DISTURBING) + text.slice(at),
        () => text.slice(0, at) + one(MORE) + text.slice(at),
        () => text.slice(0, at) + piece.repeat(1 + below(5)) + text.slice(at),
        () => text.slice(0, at) + String.fromCharCode(below(256)) + text.slice(at + 1),
        () => text.slice(0, at),
      ][below(6)];
      text = changed?.() ?? text;
    }
    yield text;
  }
}
