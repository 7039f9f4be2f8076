/** What stands in assets/ beside the pages: the script, the icon, and the style sheet, which gets the rules of the drawings. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { STYLE as chartRules } from "../../chart/svg";
import { styleSheet as wireRules } from "../../wire/theme";

export function asset(name: string): string {
  return readFileSync(path.join(import.meta.dirname, "assets", name), "utf8");
}

export function styleSheet(): string {
  return [
    asset("style.css"),
    "/* Sequence diagrams: src/wire/theme.ts */",
    wireRules(),
    "/* Charts: src/chart/svg.ts */",
    chartRules.replaceAll("}.", "}\n."),
    "",
  ].join("\n");
}
