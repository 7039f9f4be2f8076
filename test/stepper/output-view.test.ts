/** Outputs that change while their cell runs, as a terminal shows them. */
import { expect, test } from "vitest";
import type { Output } from "../../src/kernel/client";
import { styles } from "../../src/stepper/ansi";
import { OutputView } from "../../src/stepper/output-view";

function view(size = { columns: 80, rows: 24 }) {
  const written: string[] = [];
  const shown = new OutputView(
    (text) => written.push(text),
    styles(false),
    false,
    () => size,
  );
  return { written, shown };
}

const drawing = (text: string, update: boolean, display_id = "one"): Output => ({
  output_type: update ? "update_display_data" : "display_data",
  data: { "text/plain": text, "image/svg+xml": "<svg/>" },
  metadata: {},
  transient: { display_id },
});
const line = (text: string): Output => ({ output_type: "stream", name: "stdout", text });

test("a drawing that changes is drawn over itself", () => {
  const { written, shown } = view();
  shown.show(drawing("···\n···", false));
  shown.show(drawing("█··\n···", true));
  shown.finish();
  expect(written).toEqual(["···\n···\n", "\u001b[2A\u001b[0J█··\n···\n"]);
});

test("where text has followed it, only its last form comes, and at the end", () => {
  const { written, shown } = view();
  shown.show(drawing("···", false));
  shown.show(line("found one\n"));
  shown.show(drawing("█··", true));
  shown.show(drawing("██·", true));
  expect(written).toEqual(["···\n", "found one\n"]);
  shown.finish();
  expect(written.at(-1)).toBe("██·\n");
});

test.each([
  ["taller", { columns: 80, rows: 2 }],
  ["wider", { columns: 3, rows: 24 }],
  ["of unknown size", { columns: 0, rows: 0 }],
])("a terminal that the drawing does not fit (%s) is not drawn over", (_how, size) => {
  const { written, shown } = view(size);
  shown.show(drawing("···\n···", false));
  for (let i = 0; i < 50; i += 1) shown.show(drawing(`${i}··\n···`, true));
  shown.finish();
  expect(written.join("")).toBe("···\n···\n49··\n···\n");
});

test("a drawing is never drawn over another one", () => {
  const { written, shown } = view();
  shown.show(drawing("first", false, "one"));
  shown.show(drawing("second", false, "two"));
  shown.show(drawing("FIRST", true, "one"));
  shown.finish();
  expect(written.join("")).toBe("first\nsecond\nFIRST\n");
});
