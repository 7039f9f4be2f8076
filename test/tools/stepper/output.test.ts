/** What cells print: kept in bounded memory, folded, and marked. */
import { describe, expect, it } from "vitest";
import { browserCommand } from "../../../src/lab/open-browser";
import { browserContent } from "../../../src/tools/stepper/browser";
import { CellOutput } from "../../../src/tools/stepper/cell-output";
import { outputLines } from "../../../src/tools/stepper/output-lines";
import { stylesFor } from "../../../src/tools/terminal/palette";

const look = {
  columns: 40,
  styles: stylesFor({ depth: 0, background: undefined }, false),
  open: false,
  stack: false,
  place: { file: "notebooks/01.ipynb", cell: "one" },
};
const printed = (name: "stdout" | "stderr", text: string) => ({
  output_type: "stream" as const,
  name,
  text,
});

function lines(output: CellOutput, more: Partial<typeof look> = {}): string[] {
  return [...outputLines(output, { ...look, ...more }).lines];
}

describe("the output of a cell", () => {
  it("joins what was printed in pieces, whichever stream it took", () => {
    const output = new CellOutput();
    output.add(printed("stdout", "one "));
    output.add(printed("stdout", "line\nand "));
    output.add(printed("stderr", "an error\n"));
    expect(lines(output)).toEqual(["    one line", "    and an error"]);
  });

  it("keeps the beginning and the end of very many lines, and counts the rest", () => {
    const output = new CellOutput();
    const block = "twenty signs a line\n".repeat(50_000);
    for (let i = 0; i < 4; i++) output.add(printed("stdout", block));
    output.add(printed("stdout", "the end\n"));
    const kept = output.pieces.reduce(
      (sum, piece) => sum + ("text" in piece ? piece.text.length : 0),
      0,
    );
    expect(kept).toBeLessThan(800_000);
    const shown = lines(output);
    expect(shown).toHaveLength(16);
    expect(shown[10]).toBe("    ⋯ 199,986 more lines · f opens");
    expect(shown.at(-1)).toBe("    the end");
    expect(lines(output, { open: true }).join("\n")).toMatch(/⋯ 1\d\d,\d+ lines were not kept ⋯/);
  });

  it("stays bounded when the streams alternate at every character", () => {
    const output = new CellOutput();
    for (let i = 0; i < 50_000; i++) output.add(printed(i % 2 === 0 ? "stdout" : "stderr", "x"));
    expect(output.pieces.length).toBeLessThan(7_000);
  });

  it("folds more than twenty lines, not fewer", () => {
    const output = new CellOutput();
    output.add(printed("stdout", "line\n".repeat(20)));
    expect(lines(output)).toHaveLength(20);
    output.add(printed("stdout", "line\n"));
    expect(lines(output)).toHaveLength(16);
    expect(lines(output, { open: true })).toHaveLength(21);
  });

  it("marks text that came after the cell had ended", () => {
    const output = new CellOutput();
    output.add(printed("stdout", "in time\n"));
    output.add(printed("stdout", "late\n"), true);
    expect(lines(output)).toEqual(["    in time", "    ↳ after the cell had ended:", "    late"]);
  });

  it("says the place of an error first, and its stack only on request", () => {
    const output = new CellOutput();
    const traceback = ["Error: no", "    at f (cell one:3:9)"];
    output.add({ output_type: "error", ename: "Error", evalue: "no", traceback });
    expect(lines(output)).toEqual([
      "    ✗ notebooks/01.ipynb#one:3:9",
      "    Error: no",
      "    s shows the stack",
    ]);
    expect(lines(output, { stack: true }).at(-1)).toBe("        at f (cell one:3:9)");
  });

  it("opens the compiler's other errors as it opens a stack", () => {
    const output = new CellOutput();
    const traceback = ["1:1 Cannot find name 'a'.", "  1 | a; b;", "1:4 Cannot find name 'b'."];
    const evalue = "1:1 Cannot find name 'a'. (and 1 more)";
    output.add({ output_type: "error", ename: "CompileError", evalue, traceback });
    expect(lines(output).at(-1)).toBe("    s shows all 2 errors");
    expect(lines(output, { stack: true }).at(-1)).toBe("    1:4 Cannot find name 'b'.");
  });

  it("shows the text form of a drawing, moved to the left or cut to fit, and never broken", () => {
    const output = new CellOutput();
    const data = {
      "image/svg+xml": "<svg/>",
      "text/plain": `${"─".repeat(39)}\n${"═".repeat(45)}`,
    };
    output.add({ output_type: "display_data", data, metadata: {} });
    expect(lines(output)).toEqual([
      "─".repeat(39),
      `${"═".repeat(39)}…`,
      "    It is wider than this terminal.",
      "    ◇ a drawing · o opens it in the browser",
    ]);
    expect(browserContent(output)).toEqual({ ending: "svg", text: "<svg/>" });
  });

  it("replaces a display that is updated", () => {
    const output = new CellOutput();
    const show = (text: string, output_type: "display_data" | "update_display_data") =>
      output.add({
        output_type,
        data: { "text/plain": text },
        metadata: {},
        transient: { display_id: "d" },
      });
    show("10 %", "display_data");
    show("20 %", "update_display_data");
    expect(lines(output)).toEqual(["    20 %"]);
  });
});

describe("the browser", () => {
  it("is the one of BROWSER, or the system's, or none where nobody could see it", () => {
    expect(browserCommand({ BROWSER: "firefox" }, "linux")).toEqual(["firefox"]);
    expect(browserCommand({ DISPLAY: ":0" }, "linux")).toEqual(["xdg-open"]);
    expect(browserCommand({}, "darwin")).toEqual(["open"]);
    expect(browserCommand({}, "linux")).toBeUndefined();
  });
});
