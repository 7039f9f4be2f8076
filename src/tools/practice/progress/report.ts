/** The learner's progress as a Markdown file that somebody can sign, and compare with the copies. */
import { readFile } from "node:fs/promises";
import { systemCode } from "../../../program/system-code";
import { NotebookError } from "../../notebook/errors";
import { readNotebook } from "../../notebook/files";
import { fingerprints } from "../copies/module-cells";
import { type Criterion, changedCells } from "./criteria";
import type { PracticeRecord } from "./record";

export interface ReportFacts {
  readonly criteria: readonly Criterion[];
  readonly record: PracticeRecord;
  readonly now: Date;
  /** By part, the cells that are word for word the lab's own solution. */
  readonly same: ReadonlyMap<string, readonly string[]>;
}

export function reportText({ criteria, record, now, same }: ReportFacts): string {
  const proved = criteria.filter(({ proof }) => proof);
  const passes = Object.entries(record)
    .flatMap(([part, { pass }]) => (pass ? [{ part, ...pass }] : []))
    .sort((a, b) => a.part.localeCompare(b.part));
  return [
    "# Socket Lab: progress",
    "",
    `${proved.length} of ${criteria.length} criteria are proved, each by a check of the learner's own cells. Written on ${day(now.toISOString())}.`,
    "",
    "| criterion | proved on | by |",
    "|---|---|---|",
    ...criteria.map(({ name, proof }) => {
      return `| ${name} | ${proof ? day(proof.at) : "not yet"} | ${proof ? `\`${proof.by}\`` : ""} |`;
    }),
    ...passes.flatMap(({ part, at, copy, steps, cells }) => [
      "",
      `## Part ${Number(part)}, passed on ${day(at)}`,
      "",
      ...steps.map((step) => `- ${step}`),
      "",
      "| cell | fingerprint | |",
      "|---|---|---|",
      ...Object.entries(cells).map(([cell, hash]) => {
        const note = same.get(part)?.includes(cell) ? "as in the lab's solution" : "";
        return `| ${copy}#${cell} | \`${hash}\` | ${note} |`;
      }),
    ]),
    "",
    "A fingerprint is the beginning of the SHA-256 of a cell's text. `npm run progress -- --verify FILE` compares",
    "them with the copies that are there.",
    "",
    "Name: ______________________  Date: ______________  Signature: ______________________",
    "",
  ].join("\n");
}

const day = (iso: string): string => iso.slice(0, 10);

/** The module cells of passed copies that are, character for character, what the lab's notebook has. */
export async function sameAsLab(
  root: string,
  record: PracticeRecord,
  notebookOf: (part: string) => Promise<string>,
): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  for (const [part, { pass }] of Object.entries(record)) {
    if (!pass) continue;
    try {
      const lab = fingerprints(await readNotebook(root, await notebookOf(part)));
      const cells = Object.keys(pass.cells).filter((cell) => lab[cell] === pass.cells[cell]);
      found.set(part, cells);
    } catch (error) {
      if (!(error instanceof NotebookError)) throw error;
    }
  }
  return found;
}

const CELL_ROW = /^\| (practice\/[^#|]+)#([\w-]+) \| `([\w-]+)` \|/;

/** @returns by copy, the fingerprints of its cells as a report has them */
export function cellsInReport(text: string): Map<string, Record<string, string>> {
  const copies = new Map<string, Record<string, string>>();
  for (const line of text.split("\n")) {
    const [, copy, cell, hash] = CELL_ROW.exec(line) ?? [];
    if (copy === undefined || cell === undefined || hash === undefined) continue;
    copies.set(copy, { ...copies.get(copy), [cell]: hash });
  }
  return copies;
}

/**
 * Compares a report with the copies; nothing is checked again.
 * @returns a line for each copy, and whether all are as reported
 * @throws {NotebookError} there is no such report, or it names no cells
 */
export async function verifyReport(
  root: string,
  file: string,
): Promise<{ lines: string[]; same: boolean }> {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    const code = systemCode(error);
    if (!code) throw error;
    throw new NotebookError(
      { file },
      code === "ENOENT" ? "no such report" : `cannot read: ${code}`,
    );
  });
  const copies = cellsInReport(text);
  if (copies.size === 0) throw new NotebookError({ file }, "no report with fingerprints of cells");
  const lines: string[] = [];
  let same = true;
  for (const [copy, cells] of copies) {
    const changed = await changedCells(root, { copy, cells });
    if (changed.length > 0) same = false;
    lines.push(
      changed.length === 0
        ? `✓ ${copy} is as reported`
        : `✗ ${copy} differs from the report: ${changed.join(", ")}`,
    );
  }
  return { lines, same };
}
