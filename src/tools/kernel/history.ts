// What a front end may ask for again: the cells that ran, and their results.
// Source: Jupyter messaging specification 5.3, "History".

import type { Content } from "./protocol";

/** The oldest are forgotten when more have run. */
const MAX_ENTRIES = 1_000;
/** This run of the kernel; nothing is kept of earlier ones. 0 also names it. */
const SESSION = 1;

interface Entry {
  line: number;
  code: string;
  output: string | null;
}

export class History {
  private readonly entries: Entry[] = [];
  private readonly running = new Map<number, Omit<Entry, "line">>();

  started(request: number, { code, silent, store_history }: Content): void {
    if (silent === true || store_history === false) return;
    this.running.set(request, { code: String(code ?? ""), output: null });
  }

  /** The request's execute_result. */
  result(request: number, { data }: Content): void {
    const entry = this.running.get(request);
    if (entry) entry.output = String((data as Record<string, unknown>)["text/plain"] ?? "");
  }

  finished(request: number, { execution_count }: Content): void {
    const entry = this.running.get(request);
    this.running.delete(request);
    if (!entry || typeof execution_count !== "number") return;
    this.entries.push({ line: execution_count, ...entry });
    if (this.entries.length > MAX_ENTRIES) this.entries.shift();
  }

  /** The content of a history_reply. */
  answer(request: Content): Content {
    const history = this.select(request).map(({ line, code, output }) => [
      SESSION,
      line,
      request.output === true ? [code, output] : code,
    ]);
    return { status: "ok", history };
  }

  private select({ hist_access_type, n, session, start, stop, pattern, unique }: Content): Entry[] {
    const last = (entries: Entry[]) => entries.slice(-Number(n ?? entries.length) || undefined);
    switch (hist_access_type) {
      case "tail":
        return last(this.entries);
      case "range": {
        if (session !== 0 && session !== SESSION) return [];
        const to = typeof stop === "number" ? stop : Number.POSITIVE_INFINITY;
        return this.entries.filter(({ line }) => line >= Number(start ?? 0) && line < to);
      }
      case "search": {
        const wanted = globPattern(String(pattern ?? "*"));
        const found = this.entries.filter(({ code }) => wanted.test(code));
        // The latest of each text.
        return last(
          unique === true
            ? [...new Map(found.map((entry) => [entry.code, entry])).values()]
            : found,
        );
      }
      default:
        return [];
    }
  }
}

/** `*` stands for any text, `?` for any character. */
function globPattern(glob: string): RegExp {
  const source = glob.replace(/[\\^$.*+?()[\]{}|]/g, (character) =>
    character === "*" ? ".*" : character === "?" ? "." : `\\${character}`,
  );
  return new RegExp(`^${source}$`, "s");
}
