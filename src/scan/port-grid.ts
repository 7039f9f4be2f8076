/** A scan as a grid of ports, at any moment of it: SVG where it can be seen, text everywhere else. */

import { svgFrame, widthPx } from "../chart/svg";
import { groupDigits } from "../wire/group-digits";
import { px } from "../wire/svg-shapes";
import { escapeXml } from "../wire/xml";
import { formatPorts } from "./ports";
import { ANSWER } from "./work";

/** The states of a place in the grid; where several ports share it, it shows the first of these that one of them has. */
const STATES = ["open", "filtered", "unreachable", "unasked", "closed"] as const;
type State = (typeof STATES)[number];

const SIGNS: Readonly<Record<State, string>> = {
  open: "█",
  filtered: "?",
  unreachable: "x",
  unasked: "·",
  closed: "░",
};
/** In the charts' palette: the colours of light and dark pages. */
const STROKES: Readonly<Record<State, string>> = {
  open: "stroke:var(--s0)",
  filtered: "stroke:var(--s1)",
  unreachable: "stroke:var(--s3)",
  unasked: "stroke:var(--edge);opacity:.5",
  closed: "stroke:var(--muted);opacity:.45",
};

const COLUMNS = 64;
const ROWS_MAX = 16;
const PLACE_PX = 9;
const STEP_PX = 11;
const MARGIN_PX = 16;
const HEAD_PX = 40;
const GAP_PX = 10;
const FOOT_PX = 34;

/** The answers of a scan of one address, from which a grid is drawn. */
export interface GridData {
  readonly title: string;
  readonly ports: ArrayLike<number>;
  /** By the place of its port; see ANSWER. */
  readonly answers: ArrayLike<number>;
}

export class PortGrid {
  readonly #title: string;
  readonly #first: readonly number[];
  readonly #places: readonly State[];
  readonly #each: number;
  readonly #open: readonly number[];
  readonly #counts: Readonly<Record<State, number>>;

  /** Takes down how things are now; a later change of the answers is for another grid. */
  constructor({ title, ports, answers }: GridData) {
    this.#title = title;
    this.#each = Math.max(1, Math.ceil(ports.length / (COLUMNS * ROWS_MAX)));
    const counts = { open: 0, filtered: 0, unreachable: 0, unasked: 0, closed: 0 };
    const [first, open]: number[][] = [[], []];
    const places: State[] = [];
    for (let from = 0; from < ports.length; from += this.#each) {
      const until = Math.min(ports.length, from + this.#each);
      const here = new Set<State>();
      for (let i = from; i < until; i += 1) {
        const state = stateOf(answers[i] ?? ANSWER.UNASKED);
        counts[state] += 1;
        here.add(state);
        if (state === "open") open.push(ports[i] ?? 0);
      }
      first.push(ports[from] ?? 0);
      places.push(STATES.find((state) => here.has(state)) ?? "unasked");
    }
    this.#first = first;
    this.#places = places;
    this.#open = open;
    this.#counts = counts;
  }

  /** Rows of 64 places, each row headed by its first port; below what the signs mean. */
  toText(): string {
    const width = Math.max(...this.#first.map((port) => String(port).length), 0);
    const rows = this.#rows().map((places, row) => {
      const port = String(this.#first[row * COLUMNS]).padStart(width);
      return `${port} ${places.map((state) => SIGNS[state]).join("")}`;
    });
    const key = STATES.filter((state) => this.#counts[state] > 0).map(
      (state) => `${SIGNS[state]} ${this.#counted(state)}`,
    );
    return [this.#heading(), ...rows, key.join("   ")].join("\n");
  }

  /** One `<svg>` element; the same data give the same text. */
  toSvg(): string {
    const left = MARGIN_PX + widthPx("65535") + GAP_PX;
    const rows = this.#rows();
    const heads = rows.map((_, row) => {
      const y = HEAD_PX + row * STEP_PX + PLACE_PX / 2;
      const port = this.#first[row * COLUMNS];
      return `<text class="quiet" style="font-size:9px" x="${px(left - GAP_PX)}" y="${px(y)}" text-anchor="end" dominant-baseline="central">${port}</text>`;
    });
    // A run of equal places is one dashed line: a picture stays small enough to be sent often.
    const paths = STATES.map((state) => {
      const lines = rows.flatMap((places, row) =>
        runsOf(places, state).map(([column, length]) => {
          const x = left + column * STEP_PX;
          const y = HEAD_PX + row * STEP_PX + PLACE_PX / 2;
          return `M${px(x)} ${px(y)}h${length * STEP_PX - (STEP_PX - PLACE_PX)}`;
        }),
      );
      return lines.length > 0 ? `<path style="${STROKES[state]}" d="${lines.join("")}"/>` : "";
    });
    const foot = HEAD_PX + rows.length * STEP_PX;
    const frame = {
      width: left + COLUMNS * STEP_PX + MARGIN_PX,
      height: foot + FOOT_PX,
      title: this.#heading(),
      description: this.#summary(),
    };
    const inner = [
      `<text class="strong" x="${MARGIN_PX}" y="26">${escapeXml(this.#heading())}</text>`,
      ...heads,
      `<g style="fill:none;stroke-width:${PLACE_PX};stroke-dasharray:${PLACE_PX} ${STEP_PX - PLACE_PX}">`,
      ...paths,
      "</g>",
      ...this.#key(left, foot + FOOT_PX / 2),
    ];
    return svgFrame(frame, inner.join(""));
  }

  /** What the colours mean, and which ports are open: a line below the grid. */
  #key(left: number, y: number): string[] {
    const parts: string[] = [];
    let x = left;
    for (const state of STATES.filter((one) => this.#counts[one] > 0)) {
      const text = this.#counted(state);
      parts.push(
        `<path style="${STROKES[state]};stroke-width:${PLACE_PX}" d="M${px(x)} ${px(y)}h${PLACE_PX}"/>`,
        `<text class="quiet" x="${px(x + STEP_PX + 2)}" y="${px(y)}" dominant-baseline="central">${text}</text>`,
      );
      x += STEP_PX + widthPx(text) + GAP_PX;
    }
    parts.push(
      `<text class="quiet" x="${px(x)}" y="${px(y)}" dominant-baseline="central">${this.#openPorts()}</text>`,
    );
    return parts;
  }

  #rows(): State[][] {
    const count = Math.ceil(this.#places.length / COLUMNS);
    return Array.from({ length: count }, (_, row) =>
      this.#places.slice(row * COLUMNS, (row + 1) * COLUMNS),
    );
  }

  #heading(): string {
    const each = this.#each === 1 ? "" : ` (${this.#each} ports to a place)`;
    return `${this.#title}${each}`;
  }

  #summary(): string {
    const counted = STATES.filter((state) => this.#counts[state] > 0);
    return `${counted.map((state) => this.#counted(state)).join(", ")}. ${this.#openPorts()}`;
  }

  #counted(state: State): string {
    return `${groupDigits(this.#counts[state])} ${label(state)}`;
  }

  #openPorts(): string {
    if (this.#open.length === 0) return "";
    const more = this.#open.length > OPEN_SHOWN_MAX ? ", ..." : "";
    return `Open: ${formatPorts(this.#open.slice(0, OPEN_SHOWN_MAX)).replaceAll(",", ", ")}${more}`;
  }
}

/** Where in a row a state begins, and over how many places it goes on. */
function runsOf(places: readonly State[], state: State): [column: number, length: number][] {
  const runs: [number, number][] = [];
  for (const [column, one] of places.entries()) {
    const last = runs.at(-1);
    if (one !== state) continue;
    if (last && last[0] + last[1] === column) last[1] += 1;
    else runs.push([column, 1]);
  }
  return runs;
}

/** As many port numbers as one line below the grid has room for. */
const OPEN_SHOWN_MAX = 6;

const label = (state: State): string => (state === "unasked" ? "not asked yet" : state);

function stateOf(answer: number): State {
  if (answer === ANSWER.OPEN) return "open";
  if (answer === ANSWER.CLOSED) return "closed";
  if (answer === ANSWER.FILTERED) return "filtered";
  return answer === ANSWER.UNREACHABLE ? "unreachable" : "unasked";
}
