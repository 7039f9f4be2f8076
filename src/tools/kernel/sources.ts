// Which source a script came from: leads a stack frame back to a cell's or a file's own line.

import { readFileSync } from "node:fs";
import path from "node:path";
import type { CodeMap } from "./repairs/source-maps";

export interface Source {
  /** "cell tcp-server", "In [3]" or "src/sockets/tcp.ts": what a person calls it. */
  label: string;
  map?: CodeMap | undefined;
  /** Lines that the compiler put before the source's first. */
  linesBefore: number;
  /** The source text; a file is read when it is first needed. */
  text?: string | undefined;
  file?: string;
}

export interface Place {
  label: string;
  line: number;
  column: number;
}

export class Sources {
  private readonly scripts = new Map<string, Source>();
  private readonly byLabel = new Map<string, Source>();

  constructor(private readonly root: string) {}

  register(script: string, source: Source): void {
    this.scripts.set(script, source);
    this.byLabel.set(source.label, source);
  }

  /** Where a position of a running script is in its source; undefined for scripts that are not the lab's. */
  locate(script: string, line: number, column: number): Place | undefined {
    const source = this.scripts.get(script);
    if (!source) return this.locateFile(script, line, column);
    const original = source.map ? source.map.original({ line, column }) : { line, column };
    if (!original) return undefined;
    const at = Math.max(original.line - source.linesBefore, 1);
    return { label: source.label, line: at, column: original.column };
  }

  /** A line of the newest source with that label. */
  textOf(label: string, line: number): string | undefined {
    const source = this.byLabel.get(label);
    return source && lineOf(source, line);
  }

  /** A file below the repository root that runs as it stands, such as a package. */
  private locateFile(script: string, line: number, column: number): Place | undefined {
    if (!path.isAbsolute(script)) return undefined;
    const label = path.relative(this.root, script);
    if (label.startsWith("..") || /^node_modules[\\/](\.cache|tslab|@tslab|zeromq)\b/.test(label)) {
      return undefined;
    }
    return { label, line, column };
  }
}

function lineOf(source: Source, line: number): string | undefined {
  if (source.text === undefined && source.file) {
    try {
      source.text = readFileSync(source.file, "utf8");
    } catch {
      return undefined;
    }
  }
  return source.text?.split("\n")[line - 1];
}
