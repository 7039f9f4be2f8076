/** What a cell has shown, as it is stored in the notebook. */
import { escapeXml } from "../../wire/xml";
import type { MimeBundle, Output } from "../notebook/output";
import { preformatted, scrolls } from "./boxes";
import { drawingHtml, IMAGE_TYPES, imageHtml } from "./drawings";
import { type ProsePlace, renderProse } from "./prose";
import { safeOutputHtml } from "./safe-html";
import { terminalHtml, terminalText } from "./terminal-text";

/** Whose output it is. */
export interface OutputPlace extends ProsePlace {
  readonly cell: string;
}

/** All outputs of a cell, in order; "" when it has none. */
export function outputsHtml(outputs: readonly Output[], place: OutputPlace): string {
  const shown = outputs
    .map((output, at) => outputHtml(output, at, place))
    .filter((html) => html !== "");
  return shown.length > 0 ? `<div class="out">\n${shown.join("\n")}\n</div>` : "";
}

function outputHtml(output: Output, at: number, place: OutputPlace): string {
  const label = `Output of ${place.cell}`;
  switch (output.output_type) {
    case "stream": {
      if (output.text === "") return "";
      const isError = output.name === "stderr";
      return textBox(
        isError ? "stderr" : "stdout",
        isError ? `Errors of ${place.cell}` : label,
        output.text,
      );
    }
    case "error": {
      const { ename, evalue, traceback } = output;
      const text = traceback.length > 0 ? traceback.join("\n") : `${ename}: ${evalue}`;
      return textBox("failure", `Error of ${place.cell}`, text);
    }
    default:
      return bundleHtml(output.data, `${place.cell}-${at + 1}`, label, place);
  }
}

/** The name that stands above text that is not just printed. */
const NAMES: Readonly<Record<string, string>> = { stderr: "standard error", failure: "error" };

function textBox(kind: string, label: string, text: string): string {
  const name = NAMES[kind] === undefined ? "" : `<p class="kind">${NAMES[kind]}</p>`;
  const whole = text.replace(/\n$/, "");
  return `${name}${preformatted(kind, label, terminalText(whole), terminalHtml(whole))}`;
}

/** The form of an output that shows most. */
function bundleHtml(data: MimeBundle, prefix: string, label: string, place: OutputPlace): string {
  const text = (type: string): string | undefined => {
    const content = data[type];
    return typeof content === "string" && content.trim() !== "" ? content : undefined;
  };
  const plain = text("text/plain");
  const svg = text("image/svg+xml");
  if (svg !== undefined) return drawingHtml(svg, prefix, label) + asText(plain, label);
  const image = IMAGE_TYPES.find((type) => text(type) !== undefined);
  if (image !== undefined) return imageHtml(image, text(image) ?? "", label) + asText(plain, label);
  const html = text("text/html");
  if (html !== undefined) {
    return `<div class="shown"${scrolls(label)}>${safeOutputHtml(html)}</div>`;
  }
  const markdown = text("text/markdown");
  if (markdown !== undefined) return renderProse(markdown, place).html;
  if (plain !== undefined) return textBox("stdout", label, plain);
  if (data["application/json"] !== undefined) {
    return textBox("stdout", label, JSON.stringify(data["application/json"], null, 2));
  }
  const types = Object.keys(data).join(", ");
  return `<p class="kind">${escapeXml(types || "nothing")}, to be seen in JupyterLab or VS Code</p>`;
}

/** A drawing in letters, for who wants to copy it. */
function asText(plain: string | undefined, label: string): string {
  if (plain === undefined) return "";
  return `<details class="as-text"><summary>as text</summary>${textBox("stdout", label, plain)}</details>`;
}
