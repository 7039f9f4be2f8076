/**
 * What is proved and what was shown, kept in `practice/progress.json` beside the learner's copies. Every change
 * reads the file, and replaces it whole: a crash loses nothing. Changes of one process wait for each other; of two
 * checks that end in different terminals within the same millisecond, one is recorded.
 */
import { createHash } from "node:crypto";
import { mkdir, readFile, rename } from "node:fs/promises";
import path from "node:path";
import { systemCode } from "../../../program/system-code";
import { PRACTICE_FOLDER, writeFileAtomically } from "../../notebook/files";

export const RECORD_FILE = `${PRACTICE_FOLDER}/progress.json`;
const VERSION = 1;

/** A check that passed, on the copy as it was then. */
export interface Pass {
  /** ISO 8601, UTC. */
  readonly at: string;
  /** What proved it, for people: `npm run check -- 06`. */
  readonly by: string;
  /** The copy that was judged: `practice/06-http-server-challenge.ipynb`. */
  readonly copy: string;
  /** The names of the steps that passed. */
  readonly steps: readonly string[];
  /** By the id of a module cell, the fingerprint of its source. */
  readonly cells: Readonly<Record<string, string>>;
  /** The criteria that the part covered, in its words. */
  readonly criteria: readonly string[];
}

/** How the last check went. */
export interface Attempt {
  readonly at: string;
  readonly passed: number;
  readonly total: number;
}

/** The hints that were shown of a failure. */
export interface ShownHints {
  /** Which failure. */
  readonly key: string;
  /** How many: 1, 2 or 3. */
  readonly level: number;
}

export interface PartRecord {
  readonly pass?: Pass;
  readonly last?: Attempt;
  readonly hints?: ShownHints;
}

/** By part: `06`. */
export type PracticeRecord = Readonly<Record<string, PartRecord>>;

/** A check that passed, and of which part. */
export interface Proof extends Pass {
  readonly part: string;
}

/** The first check, by date, that proved a criterion; undefined while none has. */
export function proofOf(record: PracticeRecord, criterion: string): Proof | undefined {
  return Object.entries(record)
    .flatMap(([part, { pass }]) => (pass?.criteria.includes(criterion) ? [{ ...pass, part }] : []))
    .sort((a, b) => a.at.localeCompare(b.at))[0];
}

/** Tells one version of a cell from another: the first 16 letters of its SHA-256, in base64url. */
export function fingerprint(source: string): string {
  return createHash("sha256").update(source).digest("base64url").slice(0, 16);
}

export interface ReadRecord {
  readonly record: PracticeRecord;
  /** What was wrong with the file, for people; it has been put aside. */
  readonly problem?: string;
}

export async function readRecord(root: string): Promise<ReadRecord> {
  const file = path.join(root, RECORD_FILE);
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    const code = systemCode(error);
    if (!code) throw error;
    if (code === "ENOENT") return { record: {} };
    return { record: {}, problem: `${RECORD_FILE} cannot be read (${code})` };
  }
  const record = parse(text);
  if (record) return { record };
  const aside = `${RECORD_FILE}.${new Date().toISOString().slice(0, 19).replaceAll(":", "-")}.unreadable`;
  await rename(file, path.join(root, aside)).catch(() => {});
  const problem = `${RECORD_FILE} is damaged. It is now ${aside}, and the record starts again`;
  return { record: {}, problem };
}

let lastUpdate: Promise<unknown> = Promise.resolve();

/**
 * Changes what is kept of a part.
 * @returns what was wrong, for people: the file was damaged, or cannot be written
 */
export function updateRecord(
  root: string,
  part: string,
  change: (before: PartRecord) => PartRecord,
): Promise<string | undefined> {
  const update = lastUpdate.then(() => updateNow(root, part, change));
  lastUpdate = update.catch(() => {});
  return update;
}

async function updateNow(
  root: string,
  part: string,
  change: (before: PartRecord) => PartRecord,
): Promise<string | undefined> {
  const file = path.join(root, RECORD_FILE);
  try {
    await mkdir(path.dirname(file), { recursive: true });
    const { record, problem } = await readRecord(root);
    const next = { ...record, [part]: change(record[part] ?? {}) };
    const text = `${JSON.stringify({ version: VERSION, parts: next }, null, 1)}\n`;
    await writeFileAtomically(file, text, { durable: true });
    return problem;
  } catch (error) {
    const code = systemCode(error);
    if (!code) throw error;
    return `${RECORD_FILE} cannot be written (${code}): the result of this check is not kept`;
  }
}

/** undefined: not a file of ours, or a broken one. */
function parse(text: string): PracticeRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(value) || value.version !== VERSION || !isRecord(value.parts)) return undefined;
  const entries = Object.entries(value.parts).map(([part, found]) => {
    const { pass, last, hints } = isRecord(found) ? found : {};
    const known = {
      ...(isPass(pass) && { pass }),
      ...(isAttempt(last) && { last }),
      ...(isShownHints(hints) && { hints }),
    };
    return [part, known] as const;
  });
  return Object.fromEntries(entries);
}

function isPass(value: unknown): value is Pass {
  if (!isRecord(value) || !isRecord(value.cells)) return false;
  const { at, by, copy, steps, cells, criteria } = value;
  return (
    [at, by, copy].every(isText) &&
    isTexts(steps) &&
    isTexts(criteria) &&
    isTexts(Object.values(cells))
  );
}

function isAttempt(value: unknown): value is Attempt {
  return (
    isRecord(value) &&
    isText(value.at) &&
    typeof value.passed === "number" &&
    typeof value.total === "number"
  );
}

function isShownHints(value: unknown): value is ShownHints {
  return isRecord(value) && isText(value.key) && typeof value.level === "number";
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(isText);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
