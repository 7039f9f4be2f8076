import { describe, expect, it } from "vitest";
import {
  cutColumns,
  displayWidth,
  safeOutput,
  styles,
  wantsColour,
  wrapWords,
} from "../../src/stepper/ansi";
import { renderMarkdown } from "../../src/stepper/markdown";
import { Screen } from "../../src/stepper/screen";

const plain = styles(false);
const render = (source: string, columns = 60): string =>
  renderMarkdown(source, columns, plain).join("\n");

describe("prose in a terminal", () => {
  it("keeps headings, wraps paragraphs, and shows emphasis without its signs", () => {
    expect(
      render("## A *fine* title\n\nSome **bold** and `code` in a line that is long.", 24),
    ).toBe("## A fine title\n\nSome bold and `code` in\na line that is long.");
  });

  it("indents lists, also within lists", () => {
    expect(render("1. one\n2. two\n   - inner that goes on\n   - [ ] task", 20)).toBe(
      "1. one\n2. two\n   • inner that goes\n     on\n   • [ ] task",
    );
  });

  it("aligns tables, and wraps their cells where the terminal is narrow", () => {
    const table = "| Port | Protocol |\n|--|--|\n| 22 | Secure shell, for people |\n| 80 | HTTP |";
    expect(render(table)).toBe(
      "Port  Protocol\n────  ────────────────────────\n22    Secure shell, for people\n80    HTTP",
    );
    expect(render(table, 20)).toBe(
      "Port  Protocol\n────  ──────────────\n22    Secure shell,\n      for people\n80    HTTP",
    );
  });

  it("shows code as it is, and links with their address", () => {
    expect(
      render("```bash\ncurl  -v x\n```\n\n[RFC](https://example.org/a) [part](02.ipynb)"),
    ).toBe("    curl  -v x\n\nRFC (https://example.org/a) part");
  });

  it("quotes, draws rules, and leaves out HTML tags and comments", () => {
    expect(render("> quoted\n\n<!-- no -->\n\n<details><summary>More</summary>\n\ntext", 30)).toBe(
      "│ quoted\n\nMore\n\ntext",
    );
  });

  it("is never wider than the terminal or than is good to read", () => {
    const long = "word ".repeat(100);
    for (const [columns, limit] of [
      [40, 40],
      [200, 88],
    ] as const) {
      const widths = renderMarkdown(long, columns, plain).map(displayWidth);
      expect(Math.max(...widths)).toBeLessThanOrEqual(limit);
    }
  });

  it("paints words, so that a broken line does not carry a style over", () => {
    const lines = renderMarkdown("**two words**", 20, styles(true));
    expect(lines).toEqual(["\u001b[1mtwo\u001b[22m \u001b[1mwords\u001b[22m"]);
  });
});

describe("widths", () => {
  it("count wide signs as two columns, and marks as none", () => {
    expect(displayWidth("a世\u0301👋\u001b[1mb\u001b[22m")).toBe(6);
  });

  it("cut with an ellipsis", () => {
    expect(cutColumns("abcdef", 4)).toBe("abc…");
    expect(cutColumns("世界世界", 4)).toBe("世…");
    expect(cutColumns("abc", 3)).toBe("abc");
  });

  it("break lines at blanks only", () => {
    expect(wrapWords("a bb longerthanthat c", 6)).toEqual(["a bb", "longerthanthat", "c"]);
  });
});

describe("output on its way to the terminal", () => {
  it("keeps colours and drops what moves the cursor or names the window", () => {
    expect(safeOutput("\u001b[31mred\u001b[0m\u001b[2J\u001b]0;t\u0007\u001b[10;10H.", true)).toBe(
      "\u001b[31mred\u001b[0m.",
    );
    expect(safeOutput("\u001b[31mred\u001b[0m", false)).toBe("red");
  });

  it("shows other control characters as signs", () => {
    expect(safeOutput("a\u0000b\u0007c\u009bd\u007f\re\r\n\tf", true)).toBe(
      "a␀b␇c\uFFFDd␡␍e\r\n\tf",
    );
  });

  it("NO_COLOR turns colours off, as does a terminal without any", () => {
    expect([{}, { NO_COLOR: "" }, { NO_COLOR: "1" }, { TERM: "dumb" }].map(wantsColour)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});

describe("the bottom line", () => {
  it("stays below what is printed, away from an unfinished line, and within the width", () => {
    let written = "";
    const terminal = { columns: 12, write: (text: string) => (written += text) };
    const screen = new Screen(terminal, (text) => `<${text}>`);
    screen.status = "Enter run · q leave";
    screen.print("one\n");
    screen.print("unfinished");
    screen.print(" line\n");
    screen.status = "";
    const erase = "\r\u001b[2K";
    const status = "<Enter run …>";
    expect(written).toBe(
      `${status}${erase}one\n${status}${erase}unfinished line\n${status}${erase}`,
    );
  });
});
