/** A code cell's outputs in nbformat 4.5, with multi-line strings joined. */
import type { JsonValue } from "./json-text";

/** MIME type to content. Text is one string; `application/json` and its kin may be any value. */
export type MimeBundle = Record<string, unknown>;

export type Output =
  | { output_type: "stream"; name: string; text: string }
  | { output_type: "display_data"; data: MimeBundle; metadata: Record<string, unknown> }
  | {
      output_type: "execute_result";
      data: MimeBundle;
      metadata: Record<string, unknown>;
      execution_count: number | null;
    }
  | { output_type: "error"; ename: string; evalue: string; traceback: string[] };

/** nbformat keeps JSON content as it is; all other content may be split into lines. */
const JSON_MIME = /^application\/(.*\+)?json$/;
/** Where Python's `str.splitlines` cuts, which is what nbformat and with it JupyterLab use. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: Python counts these among the line ends
const LINE = /[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]*(?:\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]|$)/g;

/** A nbformat multi-line string as one string, or undefined when it is not one. */
export function joinMultiline(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (!Array.isArray(value) || !value.every((line) => typeof line === "string")) return undefined;
  return value.join("");
}

/** A string as nbformat stores it: a list of its lines, each with its line end. */
export function splitMultiline(text: string): string[] {
  return (text.match(LINE) ?? []).filter((line) => line !== "");
}

/** One output as read from a file, or undefined when it is none. */
export function readOutput(stored: JsonValue): Output | undefined {
  const value = plainObject(stored);
  if (!value) return undefined;
  switch (value.output_type) {
    case "stream": {
      const text = joinMultiline(value.text);
      if (text === undefined || typeof value.name !== "string") return undefined;
      return { output_type: "stream", name: value.name, text };
    }
    case "display_data":
    case "execute_result": {
      const data = plainObject(value.data);
      const metadata = plainObject(value.metadata);
      if (!data || !metadata) return undefined;
      const joined = Object.entries(data).map(([mime, content]) => [
        mime,
        JSON_MIME.test(mime) ? content : (joinMultiline(content) ?? content),
      ]);
      const bundle = { data: Object.fromEntries(joined) as MimeBundle, metadata };
      if (value.output_type === "display_data") return { output_type: "display_data", ...bundle };
      const count = value.execution_count;
      const execution_count = typeof count === "number" ? count : null;
      return { output_type: "execute_result", ...bundle, execution_count };
    }
    case "error": {
      const { ename, evalue, traceback } = value;
      if (typeof ename !== "string" || typeof evalue !== "string") return undefined;
      if (!Array.isArray(traceback) || joinMultiline(traceback) === undefined) return undefined;
      return { output_type: "error", ename, evalue, traceback: traceback.map(String) };
    }
    default:
      return undefined;
  }
}

/** One output as nbformat writes it: keys in order, text as a list of lines, nothing transient. */
export function storedOutput(output: Output): unknown {
  switch (output.output_type) {
    case "stream": {
      const { output_type, name, text } = output;
      return { name, output_type, text: splitMultiline(text) };
    }
    case "display_data":
    case "execute_result": {
      const { output_type, data, metadata } = output;
      const split = Object.entries(data).map(([mime, content]) => [
        mime,
        typeof content === "string" && !JSON_MIME.test(mime) ? splitMultiline(content) : content,
      ]);
      const bundle = { data: Object.fromEntries(split) as MimeBundle, metadata, output_type };
      if (output_type === "display_data") return inKeyOrder(bundle);
      return inKeyOrder({ ...bundle, execution_count: output.execution_count });
    }
    case "error": {
      const { output_type, ename, evalue, traceback } = output;
      return { ename, evalue, output_type, traceback };
    }
  }
}

/** Whether two JSON values say the same, whatever the order of their keys. */
export function sameJson(a: unknown, b: unknown): boolean {
  return JSON.stringify(inKeyOrder(a)) === JSON.stringify(inKeyOrder(b));
}

/** nbformat sorts the keys of every object. */
function inKeyOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inKeyOrder);
  const object = plainObject(value);
  if (!object) return value;
  const sorted = Object.keys(object).sort();
  return Object.fromEntries(sorted.map((key) => [key, inKeyOrder(object[key])]));
}

function plainObject(value: unknown): Record<string, unknown> | undefined {
  const is = value !== null && typeof value === "object" && !Array.isArray(value);
  return is ? (value as Record<string, unknown>) : undefined;
}
