/** The bottom line: what goes on, which keys apply, and where one is. */
import { describe, expect, it } from "vitest";
import { barLine } from "../../../src/tools/stepper/bar";
import type { Hint } from "../../../src/tools/stepper/model";
import { stateText } from "../../../src/tools/stepper/state-text";
import { widthOf } from "../../../src/tools/terminal/layout";
import { stylesFor } from "../../../src/tools/terminal/palette";

const styles = stylesFor({ depth: 0, background: undefined }, false);
const HINTS: Hint[] = [
  ["Enter", "run"],
  ["n", "next"],
  ["b", "back"],
  ["e", "edit"],
];
const ALWAYS: Hint[] = [
  ["?", "help"],
  ["q", "leave"],
];
const bar = (columns: number): string =>
  barLine({
    styles,
    columns,
    state: "● kernel ready",
    busy: false,
    hints: HINTS,
    always: ALWAYS,
    place: "9/26",
  });

describe("the bottom line", () => {
  it("shows as many keys as fit, those that always work among them, and fills the width", () => {
    expect(bar(200).trimEnd()).toBe(
      ` ● kernel ready │ Enter run  n next  b back  e edit  ? help  q leave  ${" ".repeat(124)} 9/26`,
    );
    expect(bar(60)).toBe(" ● kernel ready │ Enter run  n next  ? help  q leave   9/26 ");
    for (const columns of [30, 40, 60, 80, 200]) expect(widthOf(bar(columns))).toBe(columns);
  });

  it("says how long something takes after half a second, with a spinner, and how much of it is done", () => {
    const since = (milliseconds: number) => performance.now() - milliseconds;
    const kernel = { status: "running", interrupting: false } as const;
    expect(stateText({ label: "running", started: since(300) }, kernel)).toBe("● running");
    expect(stateText({ label: "running", started: since(12_500) }, kernel)).toMatch(
      /^[⠋-⠿] running 12 s$/,
    );
    const progress = { done: 4, total: 8 };
    expect(stateText({ label: "running", started: since(100), progress }, kernel)).toBe(
      "● running ━━━━──── 5/8",
    );
    expect(
      stateText({ label: "running", started: since(100) }, { ...kernel, interrupting: true }),
    ).toBe("● interrupting");
    expect(stateText(undefined, { status: "starting", interrupting: false })).toBe(
      "○ kernel starting",
    );
  });
});
