/** The imports of a cell that begins with them, as nearly all do: read without the compiler, which takes long to load. */

/** An import: `offset` is where the specifier begins, after its quote. */
export interface CellImport {
  readonly specifier: string;
  readonly offset: number;
}

/** Blanks and comments, and then an import as it is usually written; a specifier with an escape is none of these. */
const BLANK = /(?:\s|\/\/.*|\/\*[\s\S]*?\*\/)*/y;
const IMPORT = /import\b(?:[\w\s{},*$]*\bfrom\b)?\s*(["'])([^"'\\\n]+)\1/y;
/**
 * Where more imports may be: `import()`, `import("x").Type`, re-exports, `require`, and imports further down. A text
 * `["from", "to"]` is none.
 */
const PERHAPS_IMPORT = /\bimport\s*[^\s\w.]|\bfrom\s*["'/](?<![[(,]\s?["']from["'])|\brequire\b/;

/** Undefined: only the compiler can tell. */
export function plainImports(source: string): CellImport[] | undefined {
  const found: CellImport[] = [];
  let at = 0;
  const skip = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(source);
    if (match) at += match[0].length;
    return match;
  };
  for (;;) {
    skip(BLANK);
    const match = skip(IMPORT);
    if (!match) break;
    const [, , specifier = ""] = match;
    found.push({ specifier, offset: at - specifier.length - 1 });
    if (source[at] === ";") at++;
  }
  return PERHAPS_IMPORT.test(source.slice(at)) ? undefined : found;
}
