// Stock tslab: stack lines point into transpiled code that nobody has seen.
// Here: both of tslab's translations (TypeScript to modern JavaScript, then to CommonJS) keep their
// source maps, and positions are led back through the two.

import { SourceMap, type SourceMapPayload } from "node:module";
import type { KeptModule } from "../kept-modules";
import type { Ts, TypeScript } from "../tslab";

const INLINE_MAP = /\n\/\/# sourceMappingURL=data:application\/json;base64,([\w+/=]+)\s*$/;
const MAP_COMMENT = /\n?\/\/# sourceMappingURL=.*\s*$/;

export interface Position {
  /** From 1. */
  line: number;
  column: number;
}

/** Leads a position in emitted code back to the source. Decoded when first used. */
export class CodeMap {
  private decoded: SourceMap[] | undefined;

  /** @param payloads source maps in JSON, from the last translation to the first */
  constructor(readonly payloads: readonly string[]) {}

  /** The source as the compiler names it, relative to where the code would have been written. */
  get source(): string {
    return this.maps.at(-1)?.payload.sources[0] ?? "";
  }

  original(position: Position): Position | undefined {
    let line = position.line - 1;
    let column = position.column - 1;
    for (const map of this.maps) {
      const entry = map.findEntry(line, column);
      if (!("originalLine" in entry) || entry.originalLine === undefined) return undefined;
      // findEntry gives the entry at or before the position; another line's entry says nothing about it.
      if (entry.generatedLine !== line) return undefined;
      line = entry.originalLine;
      column = entry.originalColumn;
    }
    return { line: line + 1, column: column + 1 };
  }

  private get maps(): SourceMap[] {
    this.decoded ??= this.payloads.map(
      (json) => new SourceMap(JSON.parse(json) as SourceMapPayload),
    );
    return this.decoded;
  }
}

export class CodeMaps {
  private readonly byCode = new Map<string, CodeMap>();
  /** Translations that were made earlier, by the text that stands in for their input. */
  private readonly known = new Map<string, KeptModule>();
  private readonly awaited = new Map<string, (module: KeptModule) => void>();
  private standIns = 0;

  /** A text that `transpileModule` turns into `module`, as if it had translated its source. */
  standIn(module: KeptModule): string {
    const text = `// translated earlier: ${++this.standIns}`;
    this.known.set(text, module);
    return text;
  }

  /** Calls `tell` with what `transpileModule` makes of `code`. */
  whenTranslated(code: string, tell: (module: KeptModule) => void): void {
    this.awaited.set(code, tell);
  }

  /** TypeScript's `transpileModule`, remembering how its output leads back to the first source. */
  transpileModule(
    ts: Ts,
    transformers: TypeScript.TransformerFactory<TypeScript.SourceFile>[],
  ): Ts["transpileModule"] {
    return (code, options) => {
      const known = this.known.get(code);
      if (known) {
        this.known.delete(code);
        this.byCode.set(known.js, new CodeMap(known.maps));
        return { outputText: known.js, diagnostics: [] };
      }
      const inline = INLINE_MAP.exec(code);
      if (!inline) return ts.transpileModule(code, options);
      const first = Buffer.from(inline[1] as string, "base64").toString("utf8");
      const result = ts.transpileModule(code.slice(0, inline.index + 1), {
        ...options,
        compilerOptions: { ...options.compilerOptions, sourceMap: true },
        transformers: { before: transformers },
      });
      const outputText = result.outputText.replace(MAP_COMMENT, "\n");
      const maps = [result.sourceMapText ?? "{}", first];
      this.byCode.set(outputText, new CodeMap(maps));
      this.awaited.get(code)?.({ js: outputText, maps });
      this.awaited.delete(code);
      return { ...result, outputText };
    };
  }

  /** The map of code that was just emitted; asked for once. */
  take(code: string): CodeMap | undefined {
    const map = this.byCode.get(code);
    this.byCode.delete(code);
    return map;
  }
}
