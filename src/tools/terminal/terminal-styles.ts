/** Colours for what a command prints: only on a terminal, and not where NO_COLOR is set. */
import { colourDepth, type Styles, stylesFor } from "./palette";

export function terminalStyles({ stdout, env } = process): Styles {
  const depth = stdout.isTTY ? colourDepth(env, stdout.getColorDepth(env)) : 0;
  // The terminal's own colours, which suit its background whatever that is.
  return stylesFor({ depth, background: undefined }, false);
}
