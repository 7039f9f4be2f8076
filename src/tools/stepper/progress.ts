/**
 * Where the learner is, kept in `.lab/progress.json` outside git: the place in each part, the cells that ran
 * clean, the edits that can be undone, the tests that passed. What is proved is kept with the learner's copies.
 * Every change reads the file afresh and replaces it whole, so that a crash loses nothing and two terminals
 * do not overwrite each other's parts.
 */
import { mkdir, readFile, rename } from "node:fs/promises";
import path from "node:path";
import { systemCode } from "../../program/system-code";
import { writeFileAtomically } from "../notebook/files";
import type { Background } from "../terminal/palette";

export const LAB_FOLDER = ".lab";
const PROGRESS_FILE = path.join(LAB_FOLDER, "progress.json");
const VERSION = 1;
/** Older edits of a part can no longer be undone. */
const MAX_EDITS_PER_PART = 50;

/** An edit made with `e`: `after` is what was saved over `before`. */
export interface EditRecord {
  readonly cell: string;
  readonly before: string;
  readonly after: string;
}

/** A run of a part's tests. */
export interface TestRecord {
  readonly passed: number;
  readonly failed: number;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** sourceHash of the programs that were tested, joined; see programsHash. */
  readonly programs: string;
}

export interface PartProgress {
  /** The cell that was shown last. */
  readonly at?: string;
  /** The furthest cell that was shown. */
  readonly reached?: string;
  /** By cell id, the sourceHash with which it ran clean. */
  readonly ran: Readonly<Record<string, string>>;
  readonly edits: readonly EditRecord[];
  readonly tests?: TestRecord;
}

export interface Progress {
  readonly version: typeof VERSION;
  /** The notebook that was open last. */
  readonly last?: string;
  /** What the terminal last said of its background. */
  readonly background?: Background;
  /** By notebook, `notebooks/02-tcp.ipynb`. */
  readonly parts: Readonly<Record<string, PartProgress>>;
}

const NOTHING: Progress = { version: VERSION, parts: {} };
const NO_PART: PartProgress = { ran: {}, edits: [] };

/** Of the sources that were hashed last: each redraw asks for every cell on the page. */

export function partProgress(progress: Progress, file: string): PartProgress {
  return { ...NO_PART, ...progress.parts[file] };
}

export class ProgressStore {
  readonly #root: string;
  #current: Progress = NOTHING;
  #queue: Promise<unknown> = Promise.resolve();
  /** What was wrong with the file, for people; it was put aside then. */
  problem: string | undefined;

  constructor(root: string) {
    this.#root = root;
  }

  /** As last read or written. */
  get current(): Progress {
    return this.#current;
  }

  part(file: string): PartProgress {
    return partProgress(this.#current, file);
  }

  async load(): Promise<Progress> {
    const file = path.join(this.#root, PROGRESS_FILE);
    const text = await readFile(file, "utf8").catch((error: unknown) => {
      if (!systemCode(error)) throw error;
      return undefined;
    });
    if (text !== undefined) {
      const read = parse(text);
      if (read) this.#current = read;
      else {
        const aside = `${PROGRESS_FILE}.unreadable`;
        await rename(file, path.join(this.#root, aside)).catch(() => {});
        this.problem = `${PROGRESS_FILE} could not be read and is now ${aside}: progress starts anew`;
      }
    }
    return this.#current;
  }

  /** Changes one part. What cannot be written (a full disk, a read-only folder) is said in `problem`. */
  updatePart(file: string, change: (part: PartProgress) => PartProgress): Promise<void> {
    return this.update((progress) => ({
      ...progress,
      last: file,
      parts: { ...progress.parts, [file]: bounded(change(partProgress(progress, file))) },
    }));
  }

  update(change: (progress: Progress) => Progress): Promise<void> {
    this.#current = change(this.#current);
    const done = this.#queue.then(async () => {
      const file = path.join(this.#root, PROGRESS_FILE);
      const stored = parse(await readFile(file, "utf8").catch(() => "")) ?? NOTHING;
      const next = change(stored);
      try {
        await mkdir(path.dirname(file), { recursive: true });
        await writeFileAtomically(file, `${JSON.stringify(next, null, 1)}\n`);
      } catch (error) {
        const code = systemCode(error);
        if (!code) throw error;
        this.problem = `${PROGRESS_FILE} cannot be written (${code}): your place is not kept`;
      }
    });
    this.#queue = done.catch(() => {});
    return done;
  }

  /** Waits until all is written. */
  async settle(): Promise<void> {
    await this.#queue;
  }
}

function bounded(part: PartProgress): PartProgress {
  return { ...part, edits: part.edits.slice(-MAX_EDITS_PER_PART) };
}

/** undefined: not a file of ours, or a broken one. */
function parse(text: string): Progress | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(value) || value.version !== VERSION) return undefined;
  const { last, background } = value;
  const parts = isRecord(value.parts) ? value.parts : {};
  return {
    version: VERSION,
    ...(typeof last === "string" && { last }),
    ...((background === "dark" || background === "light") && { background }),
    parts: Object.fromEntries(
      Object.entries(parts).flatMap(([file, part]) =>
        isRecord(part) ? [[file, asPart(part)]] : [],
      ),
    ),
  };
}

function asPart(value: Record<string, unknown>): PartProgress {
  const { at, reached, tests } = value;
  const ran = isRecord(value.ran) ? value.ran : {};
  const edits = Array.isArray(value.edits) ? value.edits : [];
  return {
    ...(typeof at === "string" && { at }),
    ...(typeof reached === "string" && { reached }),
    ran: Object.fromEntries(
      Object.entries(ran).filter(
        (entry): entry is [string, string] => typeof entry[1] === "string",
      ),
    ),
    edits: edits.filter(isEdit),
    ...(isTest(tests) && { tests }),
  };
}

function isEdit(value: unknown): value is EditRecord {
  return (
    isRecord(value) &&
    [value.cell, value.before, value.after].every((text) => typeof text === "string")
  );
}

function isTest(value: unknown): value is TestRecord {
  return (
    isRecord(value) &&
    typeof value.passed === "number" &&
    typeof value.failed === "number" &&
    typeof value.at === "string" &&
    typeof value.programs === "string"
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
