/** Whether the terminal is dark or light: what the environment says, or the terminal itself. */
import type { Background } from "./palette";

/** "What is your background colour?" (xterm control sequences, OSC 11); tmux and most terminals answer. */
export const BACKGROUND_QUESTION = "\u001b]11;?\u0007";

/**
 * rxvt, konsole and others set COLORFGBG to `foreground;background`, numbers of the 16 colours: 7 and the bright
 * ones from 9 on are light.
 */
export function backgroundFromEnv(env: NodeJS.ProcessEnv): Background | undefined {
  const last = env.COLORFGBG?.split(";").at(-1);
  if (last === undefined || !/^\d+$/.test(last)) return undefined;
  const colour = Number(last);
  return colour === 7 || colour > 8 ? "light" : "dark";
}

/** Whether to ask: not where an unknown question might be shown as text, nor where the answer is known. */
export function mayAskBackground(env: NodeJS.ProcessEnv): boolean {
  const term = env.TERM ?? "";
  if (term === "" || term === "dumb" || term === "linux") return false;
  return !term.startsWith("screen") || env.TMUX !== undefined;
}

/** Reads the answer `11;rgb:RRRR/GGGG/BBBB`, each of 1 to 4 hexadecimal digits. */
export function backgroundFromAnswer(answer: string): Background | undefined {
  const match = /^11;rgba?:([\da-f]{1,4})\/([\da-f]{1,4})\/([\da-f]{1,4})/i.exec(answer);
  if (!match) return undefined;
  const [red = 0, green = 0, blue = 0] = match
    .slice(1)
    .map((digits) => Number.parseInt(digits, 16) / (16 ** digits.length - 1));
  // Relative luminance, near enough (ITU-R BT.709).
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.5 ? "light" : "dark";
}
