/** A bar on a terminal: how far a scan is, how fast, and how long it will still take. */
import { groupDigits } from "../wire/group-digits";

/** A terminal, or a replacement for one in a test. */
export interface BarOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const BAR_COLUMNS = 24;
const DEFAULT_COLUMNS = 80;
/** Back to the line's beginning, and erase it (ECMA-48, CR and EL). */
const CLEAR = "\r\u001b[2K";
/** The rate is that of about the last seconds. */
const RATE_WINDOW_MS = 3_000;

export interface ProgressBar {
  /** Redraws the bar. */
  update(done: number, total: number): void;
  /** Takes it away. */
  end(): void;
}

/** A bar on `output`, or one that draws nothing when that is no terminal. */
export function progressBar(output: BarOutput, now = () => performance.now()): ProgressBar {
  if (!output.isTTY) return { update() {}, end() {} };
  const seen: { at: number; done: number }[] = [{ at: now(), done: 0 }];
  return {
    update(done, total) {
      const at = now();
      seen.push({ at, done });
      while (seen.length > 2 && at - (seen[0]?.at ?? at) > RATE_WINDOW_MS) seen.shift();
      const first = seen[0] ?? { at, done };
      const perSecond = at > first.at ? ((done - first.done) * 1000) / (at - first.at) : 0;
      // Some terminals do not know their width, and say 0.
      const room = Math.max(1, (output.columns || DEFAULT_COLUMNS) - 1);
      output.write(CLEAR + barLine(done, total, perSecond).slice(0, room));
    },
    end: () => void output.write(CLEAR),
  };
}

/** `[████████            ]  41%  26,870 of 65,535  61,200/s  0:01 left` */
export function barLine(done: number, total: number, perSecond: number): string {
  const share = total === 0 ? 1 : Math.min(1, done / total);
  const full = Math.round(share * BAR_COLUMNS);
  const bar = "█".repeat(full) + " ".repeat(BAR_COLUMNS - full);
  const percent = `${Math.floor(share * 100)}%`.padStart(4);
  const count = `${groupDigits(done)} of ${groupDigits(total)}`;
  const rate = `${groupDigits(perSecond)}/s`;
  const left = perSecond > 0 ? `${clock((total - done) / perSecond)} left` : "";
  return `[${bar}] ${percent}  ${count}  ${rate}  ${left}`.trimEnd();
}

/** Seconds as `0:07`, `12:34` or `1:02:03`. */
function clock(seconds: number): string {
  const whole = Math.ceil(seconds);
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (value: number) => String(value).padStart(2, "0");
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}
