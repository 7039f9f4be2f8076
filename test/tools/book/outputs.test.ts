/** What cells have shown, as a page shows it: complete, and never able to do anything. */
import { describe, expect, it } from "vitest";
import { BarChart } from "../../../src/chart/bar-chart";
import { PortGrid } from "../../../src/scan/port-grid";
import { ANSWER } from "../../../src/scan/work";
import { outputsHtml } from "../../../src/tools/book/outputs";
import type { MimeBundle, Output } from "../../../src/tools/notebook/output";

function html(...outputs: Output[]): string {
  const place = { cell: "the-cell", ids: new Set<string>(), link: (address: string) => address };
  return outputsHtml(outputs, place);
}
const shown = (data: MimeBundle): string =>
  html({ output_type: "display_data", data, metadata: {} });
const printed = (text: string, name = "stdout"): string =>
  html({ output_type: "stream", name, text });

/** What would run, load or ask for something. */
const ACTIVE =
  /<(?:script|iframe|object|embed|link|meta|base|form|input|button|audio|video|source|foreignObject|use|animate|set|style)\b|\son\w+\s*=|javascript:|\bsrcset=|\bposter=|\bformaction=|\bhttp-equiv=|@import/i;
const LOADING = /\bsrc="(?!data:image\/)|url\(|\bbackground=/i;

const HOSTILE_HTML = [
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  '<img src="http://evil.example/x.png"><picture><source srcset="http://evil.example/y.png"></picture>',
  '<a href="javascript:alert(1)">a</a><a href="JaVa&#10;ScRiPt:alert(1)">b</a>',
  '<a href="data:text/html,<script>alert(1)</script>">a</a>',
  '<iframe src="//evil.example"></iframe><object data="//evil.example"></object><embed src="//evil.example">',
  '<form action="//evil.example"><input autofocus onfocus=alert(1)><button formaction="//evil.example">go</button></form>',
  "<svg><script>alert(1)</script></svg><svg onload=alert(1)><animate onbegin=alert(1)></svg>",
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>',
  '<p style="background:url(//evil.example/x.png)">p</p><table background="//evil.example/x.png"><tr><td>t</td></tr></table>',
  "<style>@import '//evil.example/x.css'; body { display: none }</style>",
  '<base href="//evil.example/"><link rel="stylesheet" href="//evil.example/x.css"><meta http-equiv="refresh" content="0;url=//evil.example">',
  "<template><img src=x onerror=alert(1)></template><textarea></textarea><img src=x onerror=alert(1)>",
  '<video src="//evil.example/v" poster="//evil.example/p"></video><audio src="//evil.example/a"></audio>',
];

describe("HTML that a cell has shown", () => {
  it.each(HOSTILE_HTML)("runs and loads nothing: %s", (page) => {
    const made = shown({ "text/html": `<p>before</p>${page}<p>after</p>` });
    expect(made).not.toMatch(ACTIVE);
    expect(made).not.toMatch(LOADING);
    expect(made).toContain("before");
  });

  it("keeps its text, its tables and its links, and is no part of the page's headings", () => {
    const page =
      '<!DOCTYPE html><html><head><title>A title</title></head><body><h1>Hello</h1><p>Some <b>bold</b> text</p><table><tr><td>1 &lt; 2</td></tr></table><a href="https://example.com/">out</a> <a href="/about">about</a></body></html>';
    const made = shown({ "text/html": page });
    expect(made).toContain('<p class="shown-h1">Hello</p>');
    expect(made).toContain("<p>Some <b>bold</b> text</p>");
    expect(made).toContain("<td>1 &#x3C; 2</td>");
    expect(made).toContain('<a href="https://example.com/">out</a> <a>about</a>');
    expect(made).not.toContain("A title");
  });

  it("can neither take an anchor of the page nor a class of its style", () => {
    const made = shown({ "text/html": '<p id="page.text" class="problem" name="x">text</p>' });
    expect(made).toContain("<p>text</p>");
  });
});

const OWN = '<svg class="socket-lab-chart" width="10" height="10"';
const HOSTILE_SVG = [
  `${OWN} onload="alert(1)"><script>alert(1)</script><rect onclick="alert(1)"/></svg>`,
  `${OWN}><image href="http://evil.example/x.png"/><use href="http://evil.example/x.svg#a"/></svg>`,
  `${OWN}><a href="javascript:alert(1)"><text>click</text></a></svg>`,
  `${OWN}><foreignObject><img src="x" onerror="alert(1)"/></foreignObject></svg>`,
  `${OWN}><rect fill="url(http://evil.example/x.svg#a)" style="fill:url(http://evil.example/y)"/></svg>`,
  `${OWN}><rect style="fill:u\\72l(//evil.example)" stroke="\\75rl(//evil.example)"/></svg>`,
  `${OWN}><style>@import "//evil.example/x.css";</style><animate attributeName="href" values="javascript:alert(1)"/></svg>`,
  `${OWN}><title><img src=x onerror=alert(1)></title><desc><script>alert(1)</script></desc></svg>`,
  `<p></p>${OWN}></svg><img src=x onerror=alert(1)>`,
];

describe("an SVG that a cell has shown", () => {
  it.each(HOSTILE_SVG)("runs and loads nothing in the page: %s", (svg) => {
    const made = shown({ "image/svg+xml": svg });
    expect(made).toContain('class="socket-lab-chart"');
    expect(made).not.toMatch(ACTIVE);
    expect(made).not.toMatch(LOADING);
    expect(made).not.toContain("evil.example");
  });

  it("is an image when it is none of the lab's, and so cannot run or load anything", () => {
    const svg =
      '<svg onload="alert(1)"><title>A "fine" picture</title><style>* { fill: red }</style></svg>';
    const made = shown({ "image/svg+xml": svg });
    const [, data = ""] = /<img src="data:image\/svg\+xml;base64,([^"]+)"/.exec(made) ?? [];
    expect(Buffer.from(data, "base64").toString()).toBe(svg);
    expect(made).toContain('alt="A &quot;fine&quot; picture"');
    expect(made).not.toMatch(ACTIVE);
  });

  it("stands in the page with its name, its text and its colours when it is the lab's", () => {
    const chart = new BarChart({
      title: "Speed & <size>",
      unit: "answers per second",
      bars: [{ label: "ours", value: 2, ours: true }],
    });
    const made = shown({ "image/svg+xml": chart.toSvg(), "text/plain": chart.toText() });
    expect(made).toMatch(
      /<svg [^>]*role="img"[^>]*aria-label="Speed &#x26; <size>. answers per second: ours 2"/,
    );
    expect(made).toMatch(
      /<rect class="bar ours" x="[\d.]+" y="[\d.]+" width="340" height="20" rx="2"/,
    );
    expect(made).toContain("<summary>as text</summary>");

    const grid = new PortGrid({ title: "t", ports: [1, 2], answers: [ANSWER.OPEN, ANSWER.CLOSED] });
    const drawn = shown({ "image/svg+xml": grid.toSvg() });
    expect(drawn).toMatch(/<path style="stroke:var\(--s0\)" d="M/);
    expect(drawn).toMatch(/<g style="fill:none;stroke-width:9;stroke-dasharray:9 2"/);
  });

  it("has ids of its own, even when two outputs hold the same drawing", () => {
    const svg =
      '<svg class="socket-lab-wire" aria-labelledby="t" aria-describedby="d"><title id="t">T</title><desc id="d">D</desc></svg>';
    const output: Output = {
      output_type: "display_data",
      data: { "image/svg+xml": svg },
      metadata: {},
    };
    const made = html(output, output);
    expect([...made.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)).toEqual([
      "the-cell-1.t",
      "the-cell-1.d",
      "the-cell-2.t",
      "the-cell-2.d",
    ]);
    expect(made).toContain('aria-labelledby="the-cell-2.t" aria-describedby="the-cell-2.d"');
  });
});

describe("text that a cell has printed", () => {
  it("is text, whatever it looks like", () => {
    expect(printed("<script>alert('&amp;')</script>\n")).toContain(
      "&lt;script&gt;alert(&#39;&amp;amp;&#39;)&lt;/script&gt;</pre>",
    );
  });

  it("keeps its colours and nothing else that a terminal would obey", () => {
    const made = printed(
      "\u001b[31mred <b>\u001b[0m\u001b[2J \u001b]8;;http://evil.example\u0007link\u001b]8;;\u0007 \u0008",
    );
    expect(made).toContain('<span class="ansi-red-fg">red &lt;b&gt;</span>');
    expect(made).toContain("link");
    expect(made).not.toContain("evil.example");
    expect(made).not.toContain("\u001b");
    expect(made).toContain("\u2408");
  });

  it("keeps an empty first line", () => {
    expect(printed("\nsecond\n")).toContain(">\n\nsecond</pre>");
  });

  it("says which text is of the error stream, and which is an error", () => {
    expect(printed("oh\n", "stderr")).toContain(
      '<p class="kind">standard error</p><pre class="stderr"',
    );
    const error: Output = {
      output_type: "error",
      ename: "TypeError",
      evalue: "no <b>",
      traceback: ["\u001b[31mTypeError\u001b[0m: no <b>", "    at here"],
    };
    const made = html(error);
    expect(made).toContain('<p class="kind">error</p><pre class="failure"');
    expect(made).toContain('<span class="ansi-red-fg">TypeError</span>: no &lt;b&gt;\n    at here');
    expect(html({ ...error, traceback: [] })).toContain("TypeError: no &lt;b&gt;");
  });

  it("can be scrolled with the keyboard when it is wider than a telephone", () => {
    expect(printed("short\n")).not.toContain("tabindex");
    expect(printed(`${"wide ".repeat(20)}\n`)).toContain(
      'tabindex="0" role="group" aria-label="Output of the-cell"',
    );
  });
});

describe("other outputs", () => {
  it("shows the form that says most", () => {
    expect(shown({ "image/png": "iVBOR\nw0KGgo=\n", "text/plain": "<Figure>" })).toContain(
      '<img src="data:image/png;base64,iVBORw0KGgo=" alt="Output of the-cell">',
    );
    expect(shown({ "image/png": '"><script>', "text/plain": "x" })).not.toMatch(ACTIVE);
    expect(shown({ "text/markdown": "**bold**", "text/plain": "bold" })).toContain(
      "<strong>bold</strong>",
    );
    expect(shown({ "application/json": { a: [1] } })).toContain("&quot;a&quot;: [\n    1");
    const result: Output = {
      output_type: "execute_result",
      data: { "text/plain": "42" },
      metadata: {},
      execution_count: 1,
    };
    expect(html(result)).toContain(">42</pre>");
  });

  it("names a form that a page cannot show", () => {
    expect(shown({ "application/x-widget<b>": "x" })).toContain(
      "application/x-widget&lt;b&gt;, to be seen in JupyterLab or VS Code",
    );
  });
});
