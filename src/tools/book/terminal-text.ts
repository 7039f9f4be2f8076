/** What a program printed, as a terminal would show it: colours stay, everything else that a terminal obeys goes. */
import { AnsiUp } from "ansi_up";
import { safeOutput } from "../../program/safe-text";
import { escapeXml } from "../../wire/xml";

/** Markup of the text; colours of ECMA-48 (SGR) become classes of style.css. */
export function terminalHtml(text: string): string {
  const safe = safeOutput(text, true);
  if (!safe.includes("\u001b")) return escapeXml(safe);
  const painter = new AnsiUp(); // it remembers the colour where a text ends
  painter.use_classes = true;
  painter.faintStyle = "";
  return painter.ansi_to_html(safe);
}

/** The text without any colour. */
export function terminalText(text: string): string {
  return safeOutput(text, false);
}
