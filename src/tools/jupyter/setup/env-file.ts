/**
 * The workspace's `.env`, as VS Code's Jupyter extension reads it: `NAME=value` a line, no `export`, no
 * comment behind a value, quotes around it or none, `${OTHER}` replaced, and the last of several counts.
 * Everything here is text to text, and leaves every other byte alone.
 */

/** How JUPYTER_PATH is written on a machine. */
export interface PathRules {
  /** Between two folders: `:`, or `;` on Windows. */
  readonly delimiter: string;
  /** Whether two ways to write a folder mean the same one. */
  same(a: string, b: string): boolean;
}

const VARIABLE = "JUPYTER_PATH";
const INHERITED = `\${${VARIABLE}}`;
/** Stands before a line that is all ours. */
const MARK = "# Socket Lab's kernel for VS Code; `npm run setup -- --undo` removes it.";
const ASSIGNMENT = /^(\uFEFF?[ \t]*JUPYTER_PATH[ \t]*=[ \t]*)(.*?)([ \t]*\r?)$/;

interface Assignment {
  /** Its line, counted from 0. */
  readonly line: number;
  /** The line before the value, with an opening quote; and after it, with the closing one. */
  readonly before: string;
  readonly value: string;
  readonly after: string;
}

/**
 * The folders of JUPYTER_PATH in the file, in order; undefined when the file does not set it.
 *
 * @param environment what `${NAME}` stands for
 */
export function jupyterPathIn(
  text: string,
  { delimiter }: PathRules,
  environment: NodeJS.ProcessEnv = {},
): string[] | undefined {
  const last = assignments(text.split("\n")).at(-1);
  const value = last?.value
    .replace(/(?<!\\)\$\{([a-zA-Z]\w*)\}/g, (_all, name: string) => environment[name] ?? "")
    .replaceAll("\\$", "$");
  return value?.split(delimiter).filter((folder) => folder !== "");
}

/**
 * The file with `folder` in JUPYTER_PATH: at the end of the value that the file has, or in a line of its
 * own above all others. Unchanged when it is there already.
 *
 * @param inherits whether a line of its own keeps the folders of the environment that VS Code has
 */
export function withFolder(
  text: string,
  folder: string,
  rules: PathRules,
  { inherits = false } = {},
): string {
  if (jupyterPathIn(text, rules)?.some((one) => rules.same(one, folder))) return text;
  const written = folder.replaceAll("${", "\\${"); // else read as a variable
  const lines = withoutOwnLine(text.split("\n"), rules);
  const last = assignments(lines).at(-1);
  if (last) {
    const value = last.value === "" ? written : `${last.value}${rules.delimiter}${written}`;
    lines[last.line] = `${last.before}${value}${last.after}`;
    return lines.join("\n");
  }
  const end = text.includes("\r\n") ? "\r" : "";
  const value = inherits ? `${INHERITED}${rules.delimiter}${written}` : written;
  return [`${MARK}${end}`, `${VARIABLE}=${value}${end}`, ...lines].join("\n");
}

/** The file as it was before withFolder. */
export function withoutFolder(text: string, folder: string, rules: PathRules): string {
  const lines = text.split("\n");
  // From the end, so that a removed line moves none that is still to be looked at.
  for (const { line, before, value, after } of assignments(lines).reverse()) {
    const folders = value.split(rules.delimiter);
    const kept = folders.filter((one) => !rules.same(one.replaceAll("\\$", "$"), folder));
    if (kept.length === folders.length) continue;
    if (isMark(lines[line - 1]) && kept.every((one) => one === INHERITED)) {
      lines.splice(line - 1, 2);
    } else {
      lines[line] = `${before}${kept.join(rules.delimiter)}${after}`;
    }
  }
  return lines.join("\n");
}

/** Without the marked line that holds one folder: it is of this lab, before it was moved. */
function withoutOwnLine(lines: readonly string[], { delimiter }: PathRules): string[] {
  const own = assignments(lines).find(({ line, value }) => {
    const folders = value.split(delimiter).filter((folder) => folder !== INHERITED);
    return isMark(lines[line - 1]) && folders.length === 1;
  });
  return lines.filter((_text, line) => own === undefined || line < own.line - 1 || line > own.line);
}

function assignments(lines: readonly string[]): Assignment[] {
  return lines.flatMap((text, line) => {
    const [, before, quoted = "", after] = ASSIGNMENT.exec(text) ?? [];
    if (before === undefined) return [];
    const quote = /^(["']).*\1$/.test(quoted) && quoted.length > 1 ? quoted.slice(0, 1) : "";
    const value = quoted.slice(quote.length, quoted.length - quote.length);
    return [{ line, before: before + quote, value, after: `${quote}${after}` }];
  });
}

function isMark(line: string | undefined): boolean {
  return line?.trim() === MARK;
}
