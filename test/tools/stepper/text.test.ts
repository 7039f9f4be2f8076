/** Text in columns: prose, code and widths. */
import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { safeOutput } from "../../../src/program/safe-text";
import { helpLines } from "../../../src/tools/stepper/help";
import { highlight } from "../../../src/tools/stepper/highlight";
import { renderMarkdown } from "../../../src/tools/stepper/markdown";
import {
  cut,
  duration,
  ends,
  pad,
  progressBar,
  widthOf,
  wrapCode,
  wrapOutput,
  wrapWords,
} from "../../../src/tools/terminal/layout";
import { stylesFor } from "../../../src/tools/terminal/palette";

const plain = stylesFor({ depth: 0, background: undefined }, false);
const dark = stylesFor({ depth: 256, background: "dark" });
const render = (source: string, columns = 60): string =>
  renderMarkdown(source, columns, plain).join("\n");

describe("the help", () => {
  it("explains every sign that stands in the margin", () => {
    const text = helpLines(100, plain).join("\n");
    for (const sign of ["▶", "┃", "│", "·", "✓", "✗", "⋯", "↳", "◇", "▌", "●", "○"]) {
      expect(text).toContain(sign);
    }
  });
});

describe("prose in a terminal", () => {
  it("breaks code in prose between words", () => {
    const text = `\`\`\`ts\n${"word ".repeat(14)}\n\`\`\``;
    for (const line of render(text, 40).split("\n")) expect(line).toMatch(/^ {2}│ +(?:word ?)+$/);
  });

  it("keeps headings, wraps paragraphs, and shows emphasis without its signs", () => {
    expect(
      render("# Top\n\n## A *fine* title\n\nSome **bold** and `code` in a long line.", 24),
    ).toBe("Top\n━━━\n\n## A fine title\n\nSome bold and `code` in\na long line.");
  });

  it("indents lists, also within lists", () => {
    expect(render("1. one\n2. two\n   - inner that goes on\n   - [ ] task", 20)).toBe(
      "1. one\n2. two\n   • inner that goes\n     on\n   • [ ] task",
    );
  });

  it("aligns tables by columns, and makes them fit", () => {
    const table = "| Port | 世界 |\n|--|--|\n| 22 | Secure shell, for people |\n| 80 | HTTP |";
    expect(render(table)).toBe(
      "Port  世界\n────  ────────────────────────\n22    Secure shell, for people\n80    HTTP",
    );
    expect(render(table, 20)).toBe(
      "Port  世界\n────  ──────────────\n22    Secure shell,\n      for people\n\n80    HTTP",
    );
    const wide = `| ${"a word ".repeat(20)} | ${"another ".repeat(20)} |\n|--|--|\n| 世界世界世界 | b |`;
    for (const columns of [20, 56, 84]) {
      const widths = renderMarkdown(wide, columns, dark).map(widthOf);
      expect(Math.max(...widths)).toBeLessThanOrEqual(columns);
    }
  });

  it("shows code as it is, links with their address, quotes and rules; leaves HTML tags out", () => {
    expect(
      render("```bash\ncurl  -v x\n```\n\n[RFC](https://example.org/a) [part](02.ipynb)"),
    ).toBe("  │ curl  -v x\n\nRFC (https://example.org/a) part");
    expect(render("> quoted\n\n<!-- no -->\n\n<details><summary>More</summary>\n\ntext", 30)).toBe(
      "▌ quoted\n\nMore\n\ntext",
    );
    expect(render("a\n\n---", 10)).toBe("a\n\n──────────");
  });

  it("carries no style over the end of a line", () => {
    for (const line of renderMarkdown(`**${"bold words ".repeat(9)}** and \`code\``, 20, dark)) {
      expect(stylesOpenAtEnd(line)).toEqual([]);
    }
  });
});

describe("TypeScript in colour", () => {
  const code =
    'const a = `b $c d`; // why\nasync function f(x: string): Promise<void> {\n  /* two\n lines */ return "1" + 2;\n}';

  it("keeps the text, and closes every style within its line", () => {
    const lines = highlight(code, "typescript", dark);
    expect(lines.map((line) => stripVTControlCharacters(line))).toEqual(code.split("\n"));
    for (const line of lines) expect(stylesOpenAtEnd(line)).toEqual([]);
  });

  it("paints keywords, strings, numbers and comments, each in its own colour", () => {
    const text = highlight(code, "typescript", dark).join("\n");
    for (const painted of [
      dark.keyword("const"),
      dark.comment("// why"),
      dark.string('"1"'),
      dark.number("2"),
      dark.function("f"),
    ]) {
      expect(text).toContain(painted);
    }
    expect(highlight("<&>", "unknown", dark)).toEqual(["<&>"]);
    expect(highlight(code, "typescript", plain).join("\n")).toBe(code);
  });
});

describe("widths", () => {
  it("count wide signs and emoji as two columns, marks and styles as none", () => {
    expect(widthOf("a世\u0301\u001b[1mb\u001b[22m")).toBe(4);
    expect(["👋", "👩‍💻", "e\u0301", "ｱ", "한"].map(widthOf)).toEqual([2, 2, 1, 1, 2]);
    expect(pad("世", 4)).toBe("世  ");
    expect(ends("left", "right", 12)).toBe("left   right");
    expect(ends("a long left", "right", 12)).toBe("a lon… right");
  });

  it("cut with an ellipsis, between signs", () => {
    expect([cut("abcdef", 4), cut("世界世界", 4), cut("abc", 3), cut("abc", 1)]).toEqual([
      "abc…",
      "世…",
      "abc",
      "…",
    ]);
  });

  it("break prose between words, code with an indent, output with its blanks kept", () => {
    expect(wrapWords("a bb longerthanthat c", 6)).toEqual(["a bb", "longer", "thanth", "at c"]);
    expect(wrapCode("  call(one, two, three, four, five, six)", 30)).toEqual([
      "  call(one, two, three, ",
      "      four, five, six)",
    ]);
    expect(wrapOutput("ab  cd ef", 6)).toEqual(["ab  cd", "ef"]);
    expect(wrapOutput("x".repeat(5000), 2000).map((line) => line.length)).toEqual([
      2000, 2000, 1000,
    ]);
  });

  it("show amounts and times", () => {
    expect(progressBar(3, 10, 10).join("|")).toBe("━━━|───────");
    expect([40, 340, 12_345, 200_000].map(duration)).toEqual([
      "40 ms",
      "0.3 s",
      "12 s",
      "3 min 20 s",
    ]);
  });
});

describe("output on its way to the terminal", () => {
  it("keeps colours and drops what moves the cursor or names the window", () => {
    expect(safeOutput("\u001b[31mred\u001b[0m\u001b[2J\u001b]0;t\u0007\u001b[10;10H.", true)).toBe(
      "\u001b[31mred\u001b[0m.",
    );
    expect(safeOutput("\u001b[31mred\u001b[0m", false)).toBe("red");
  });

  it("shows other control characters as signs, and what overwrote a line in its place", () => {
    expect(safeOutput("a\u0000b\u0007c\u009bd\u007fe\r\n\tf", true)).toBe("a␀b␇c\uFFFDd␡e\n    f");
    expect(safeOutput("10 %\r20 %\r30 %\nnext", true)).toBe("30 %\nnext");
    expect(safeOutput("user\u202egnp.exe", true)).toBe("usergnp.exe");
  });
});

/** SGR codes that were opened and not closed. */
function stylesOpenAtEnd(line: string): string[] {
  const open = new Set<string>();
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with a control character
  for (const [, codes = ""] of line.matchAll(/\u001b\[([\d;]*)m/g)) {
    const kinds: Record<string, string> = {
      "39": "ink",
      "49": "paper",
      "22": "weight",
      "23": "slant",
      "24": "line",
      "27": "inverse",
    };
    const parts = codes.split(";");
    for (let at = 0; at < parts.length; at++) {
      const code = parts[at] ?? "";
      if (kinds[code]) open.delete(kinds[code]);
      else if (code === "38" || code === "48") {
        open.add(code === "38" ? "ink" : "paper");
        at += 2;
      } else
        open.add(
          { "1": "weight", "2": "weight", "3": "slant", "4": "line", "7": "inverse" }[code] ??
            "ink",
        );
    }
  }
  return [...open];
}
