/** What every key does. */
import { pad, wrapWords } from "../terminal/layout";
import type { Styles } from "../terminal/palette";
import type { View } from "./model";
import { TextView } from "./text-view";

type Entry = readonly [keys: string, does: string];

const SECTIONS: readonly (readonly [title: string, entries: readonly Entry[]])[] = [
  [
    "Going through a part",
    [
      ["Enter", "runs the cell and moves on; reads on first, where there is more to read"],
      ["n b", "next step, back (also → ←), without running"],
      ["r", "runs the cell again that ran last; elsewhere, the one that is marked"],
      ["a", "runs all up to here: the cells above that this kernel has not run"],
      ["g", "jumps to a heading or a cell"],
      ["/", "searches the part"],
      ["↑ ↓ Space", "scroll (also j k, Page Up, Page Down, Home, End)"],
      ["c Esc", "the contents page"],
    ],
  ],
  [
    "A cell and its output",
    [
      [
        "e",
        "edits the cell in the editor that $VISUAL or $EDITOR names (EDITOR=nano npm start), and saves it into the notebook",
      ],
      ["u", "undoes the last edit of the cell"],
      ["x", "shows the solution of an exercise, and folds it again"],
      ["f", "unfolds long output, and folds it again"],
      ["s", "shows the stack of an error"],
      ["o", "opens a drawing or a page in the browser"],
    ],
  ],
  [
    "Programs, tests and practice",
    [
      ["p", "shows the program that the cell becomes; Enter there runs it"],
      ["t", "runs the tests of the part's programs; in your own copy, its check"],
      ["y", "on the contents page: your own copy of the part, blank at first"],
    ],
  ],
  [
    "The kernel, and leaving",
    [
      ["Ctrl+C", "interrupts the running cell; again, it restarts the kernel"],
      ["R", "restarts the kernel: all that cells defined is gone"],
      ["Ctrl+Z", "back to the shell; fg returns"],
      ["q", "leaves; npm start opens where you were"],
    ],
  ],
];

const SIGNS: readonly Entry[] = [
  ["▶ ┃", "the cell that keys are about; · │ every other"],
  ["✓ ✗", "the cell has run clean, has failed; beside it how long that took"],
  ["⋯", "lines that are folded away, or that were too many to keep"],
  ["↳", "what a cell printed after it had ended"],
  ["◇", "a drawing or a page, for the browser"],
  ["▌", "a quotation; above the bottom line, a message"],
  ["● ○", "the kernel is ready or busy, or is starting"],
];

const KEY_COLUMNS = 11;

export function helpLines(columns: number, styles: Styles): string[] {
  return [...SECTIONS, ["Signs in the margin", SIGNS] as const].flatMap(([title, entries]) => [
    styles.heading(title),
    ...entries.flatMap(([keys, does]) =>
      wrapWords(does, columns - KEY_COLUMNS).map((line, at) =>
        at === 0 ? styles.accent(pad(keys, KEY_COLUMNS)) + line : pad("", KEY_COLUMNS) + line,
      ),
    ),
    "",
  ]);
}

export function helpView(): View {
  const view = new TextView({
    title: "Keys",
    lines: (columns, { styles }) => helpLines(columns, styles),
  });
  return Object.assign(view, { isHelp: true });
}
