import { expect, test } from "vitest";
import type { SvgOptions } from "../../src/wire/options";
import type { Recording } from "../../src/wire/recording";
import { CLASS, DARK, LIGHT } from "../../src/wire/theme";
import {
  ACCEPTED,
  bytes,
  CONNECTED,
  connection,
  conversation,
  LISTEN,
  made,
  type SocketAction,
  send,
} from "./made";
import { all, type Element, parseXml } from "./xml";

const HOST = "127.0.0.1";

const ELEMENTS = ["title", "desc", "style", "rect", "line", "circle", "path", "polygon", "text"];

const HOSTILE = [
  `</text></svg><script>alert(1)</script>`,
  `" onload="alert(1)`,
  `&lt;&amp;&#x41;&nbsp;`,
  "]]>",
  "\0\u0001\u001b[31mred\u007f\u0085",
  "left \u202eright\u202c \u2066x\u2069 \u200b\ufeff",
  Buffer.from([
    0x41, 0x41, 0x41, 0x41, 0xff, 0xfe, 0xc0, 0xaf, 0xed, 0xa0, 0x80, 0x42, 0x42, 0x42, 0x42, 0x42,
    0x42, 0x42, 0x42,
  ]),
  "z\u0300\u0301\u0302\u0303\u0304\u0305algo",
  "\ufffe\uffff\u{1fffe}",
  "{{constructor}} <%= 1 %> <!-- --> <?xml?> <![CDATA[",
];

function drawn(recording: Recording, options?: SvgOptions): Element {
  return parseXml(recording.toSvg(options));
}

function exchange(): Recording {
  return made(connection(), [
    ...ACCEPTED,
    [1, send("Hello from client!")],
    [1, { type: "end sent" }],
  ]);
}

function classes(element: Element): string[] {
  return (element.attributes.get("class") ?? "").split(" ");
}

function having(root: Element, name: string, ...wanted: string[]): Element[] {
  return all(root, name).filter((one) => wanted.every((each) => classes(one).includes(each)));
}

test("the picture is one well-formed svg element of shapes and text alone", () => {
  const root = drawn(exchange());
  expect(root.name).toBe("svg");
  expect(root.attributes.get("xmlns")).toBe("http://www.w3.org/2000/svg");
  for (const child of root.children) expect(ELEMENTS).toContain(child.name);
});

test("nothing is loaded from outside, and nothing can run", () => {
  const svg = exchange().toSvg();
  expect(svg.replace("http://www.w3.org/2000/svg", "")).not.toMatch(
    /https?:|url\(|@import|@font-face|href|<script|<foreignObject|\son\w+=/i,
  );
});

test("a screen reader gets an image with a title, and the events in order as its description", () => {
  const root = drawn(exchange());
  expect(root.attributes.get("role")).toBe("img");
  const [title, desc] = root.children;
  expect([title.name, desc.name]).toEqual(["title", "desc"]);
  expect(root.attributes.get("aria-labelledby")).toBe(title.attributes.get("id"));
  expect(root.attributes.get("aria-describedby")).toBe(desc.attributes.get("id"));
  expect(title.text).toBe("Sequence diagram: TCP server and TCP client");
  expect(desc.text.split("\n")).toEqual([
    "1. TCP server: listens on 127.0.0.1:8080",
    "2. TCP server: accept() waits",
    "3. TCP client to TCP server: connect",
    "4. TCP client and TCP server: connection established",
    '5. TCP client to TCP server: "Hello from client!" 18 B',
    "6. TCP client to TCP server: close (FIN)",
  ]);
});

test("every event is drawn: names, notes, labelled arrows, and a bar from the call to what ends it", () => {
  const root = drawn(exchange());
  const texts = all(root, "text").map((one) => one.text);
  for (const text of ["TCP server", "127.0.0.1:8080", "accept() waits", "connect"]) {
    expect(texts).toContain(text);
  }
  expect(texts).toContain('"Hello from client!" 18 B');
  const [bar] = having(root, "rect", "bar");
  const top = Number(bar.attributes.get("y"));
  const bottom = top + Number(bar.attributes.get("height"));
  const [connect] = having(root, "line", "connect");
  const y = Number(connect.attributes.get("y1"));
  expect(y).toBeGreaterThan(top);
  expect(y).toBeLessThan(bottom);
  const [data] = having(root, "line", "data");
  expect(Number(data.attributes.get("y1"))).toBeGreaterThan(bottom);
});

test("arrows point from who sends to who receives", () => {
  const root = drawn(made(connection(), [LISTEN, ...CONNECTED, [1, send("to")], [2, send("fro")]]));
  const [to, fro] = having(root, "line", "data");
  const x = (line: Element, end: string) => Number(line.attributes.get(end));
  expect(x(to, "x2")).toBeLessThan(x(to, "x1"));
  expect(x(fro, "x2")).toBeGreaterThan(x(fro, "x1"));
});

test("each kind of arrow has its own shape, not only its own colour", () => {
  const arrows: Record<string, SocketAction[]> = {
    data: [[1, send("x")]],
    close: [[1, { type: "end sent" }]],
    "half-close": [
      [1, { type: "end sent" }],
      [2, send("still")],
    ],
    reset: [[1, { type: "reset" }]],
  };
  const shapes = Object.entries(arrows).map(([style, actions]) => {
    const root = drawn(made(connection(), [...CONNECTED, ...actions]));
    const svg = root.text;
    const dashed = new RegExp(`\\.${style}\\.line\\{[^}]*dasharray`).test(svg);
    const lines = having(root, "line", "line", style).length;
    return `${lines} lines, dashed ${dashed}, crosses ${having(root, "path", "cross").length}`;
  });
  expect(new Set(shapes).size, shapes.join("; ")).toBe(shapes.length);
});

test("a lost datagram ends in a cross before the lifeline of its goal", () => {
  const root = drawn(
    made(
      [{ kind: "udp", local: { host: HOST, port: 40_001 } }],
      [[0, { type: "send datagram", to: { host: HOST, port: 9999 }, ...bytes("?") }]],
    ),
  );
  const [line] = having(root, "line", "datagram");
  const lives = having(root, "line", "life").map((one) => Number(one.attributes.get("x1")));
  expect(Number(line.attributes.get("x2"))).toBeLessThan(Math.max(...lives) - 20);
  expect(having(root, "path", "cross")).toHaveLength(1);
  expect(having(root, "polygon", "datagram")).toHaveLength(0);
});

test.each(HOSTILE.map((payload) => [payload]))(
  "hostile bytes are only ever text: %j",
  (payload) => {
    const root = drawn(made(connection(), [LISTEN, ...CONNECTED, [1, send(payload)]]), {
      lines: 4,
    });
    for (const child of root.children) expect(ELEMENTS).toContain(child.name);
    for (const element of [...root.children, root]) {
      for (const name of element.attributes.keys()) expect(name).not.toMatch(/^on/i);
    }
    const shown = all(root, "text").map((one) => one.text);
    // Neither control characters, nor invisible ones, nor ones that turn the text around.
    for (const text of shown) expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}]/u);
  },
);

test("hostile names and titles are only ever text", () => {
  for (const name of HOSTILE.filter((one): one is string => typeof one === "string")) {
    const all_ = made(connection(), [LISTEN, ...CONNECTED], { 8080: name, "TCP client": name });
    const root = drawn(all_, { title: name, id: name.replace(/[^\w]/g, "") });
    for (const child of root.children) expect(ELEMENTS).toContain(child.name);
    expect(root.text.replace(/\n/g, "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  }
});

test("an id from outside cannot end its attribute", () => {
  const root = drawn(exchange(), { id: '"><script>' });
  expect(root.attributes.get("aria-labelledby")).toBe('"><script>-title');
});

test("the same recording gives the same picture, and different ones have different ids", () => {
  expect(exchange().toSvg()).toBe(exchange().toSvg());
  const ids = (root: Element) => root.children.flatMap((one) => one.attributes.get("id") ?? []);
  const first = ids(drawn(exchange()));
  const second = ids(drawn(conversation(3)));
  expect(first).toHaveLength(2);
  expect(new Set([...first, ...second]).size).toBe(4);
  expect(ids(drawn(exchange(), { id: "part-2" }))).toEqual(["part-2-title", "part-2-desc"]);
});

test("its rules reach into no other part of a page", () => {
  const [style] = all(drawn(exchange()), "style");
  const selectors = style.text
    .replace(/@media[^{]*\{/g, "")
    .split("}")
    .map((rule) => rule.split("{")[0].trim())
    .filter((selector) => selector !== "");
  expect(selectors.length).toBeGreaterThan(10);
  for (const selector of selectors.flatMap((one) => one.split(/,(?![^(]*\))/))) {
    if (selector.startsWith(".") || selector.startsWith("["))
      expect(style.text).toContain(`.${CLASS}`);
    expect(selector, selector).toMatch(new RegExp(`\\.${CLASS}\\b|^text\\.|^\\.\\w+\\.head`));
  }
});

/** Contrast of two colours (WCAG 2.2, definition of contrast ratio). */
function contrast(one: string, other: string): number {
  const luminance = (color: string) => {
    const [r, g, b] = [1, 3, 5]
      .map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255)
      .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

test("all text has enough contrast, in light and in dark", () => {
  for (const palette of [LIGHT, DARK]) {
    for (const name of ["ink", "muted", "data", "datagram", "wait", "error"] as const) {
      expect(contrast(palette[name], palette.card), name).toBeGreaterThanOrEqual(4.5);
    }
    expect(contrast(palette.ink, palette.box)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(palette.muted, palette.box)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(palette.bar, palette.card)).toBeGreaterThanOrEqual(1.5);
  }
});

test("it follows the browser's theme as an image, and the page's where it is inlined", () => {
  const svg = exchange().toSvg();
  expect(svg).toContain("@media (prefers-color-scheme:dark)");
  expect(parseXml(svg).text).toContain('[data-jp-theme-light="false"]');
  expect(svg).toContain(".vscode-dark");
  expect(svg).toContain(`var(--wire-card,${DARK.card})`);
});

test("everything stands within the picture, with 50 events and with 500", () => {
  for (const count of [50, 500]) {
    const root = drawn(conversation(count));
    const [, , width, height] = (root.attributes.get("viewBox") ?? "").split(" ").map(Number);
    for (const element of root.children) {
      for (const [name, value] of element.attributes) {
        if (/^(x|x1|x2|cx)$/.test(name)) expect(Number(value)).toBeLessThanOrEqual(width);
        if (/^(y|y1|y2|cy)$/.test(name)) expect(Number(value)).toBeLessThanOrEqual(height);
        if (/^(x|y|x1|x2|y1|y2|cx|cy)$/.test(name)) expect(Number(value)).toBeGreaterThanOrEqual(0);
      }
    }
  }
});

test("50 events are all drawn, each on a line of its own", () => {
  const root = drawn(conversation(50));
  const lines = having(root, "line", "data");
  expect(lines).toHaveLength(50);
  const heights = lines.map((line) => Number(line.attributes.get("y1")));
  heights.slice(1).forEach((y, i) => {
    expect(y - heights[i]).toBeGreaterThanOrEqual(30);
  });
});

test("of 500 events the middle is left out, and a repeat gets one frame with its count", () => {
  expect(drawn(conversation(500)).text).toMatch(/\d+ more rows are not drawn/);
  const actions: SocketAction[] = [LISTEN, ...CONNECTED];
  for (let i = 0; i < 250; i++) actions.push([1, send("ping")], [2, send("pong")]);
  const root = drawn(made(connection(), actions));
  expect(having(root, "rect", "frame")).toHaveLength(1);
  expect(all(root, "text").map((one) => one.text)).toContain("250 times");
});

test("two participants fit a telephone at a readable size", () => {
  const width = Number(drawn(conversation(10)).attributes.get("width"));
  // 358 of a telephone's 390 pixels: letters of 13 pixels are then still 8 or more.
  expect((13 * 358) / width).toBeGreaterThanOrEqual(8);
});

test("a recording of nothing is still a picture that says so", () => {
  const root = drawn(made([], []));
  expect(all(root, "text").map((one) => one.text)).toEqual(["Nothing was recorded."]);
});

test("times are drawn on request", () => {
  const plain = exchange().toSvg();
  expect(plain).not.toContain(" ms");
  expect(all(drawn(exchange(), { times: true }), "text").map((one) => one.text)).toContain(
    "0.0 ms",
  );
});
