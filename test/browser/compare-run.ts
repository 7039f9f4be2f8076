/** What a front end ran and stored or was told, beside what the repository stores. */
import { type LiveOutput, OutputCollector } from "../../src/tools/notebook/coalesce";
import { readNotebook } from "../../src/tools/notebook/files";
import type { Output } from "../../src/tools/notebook/output";
import { compareOutputs } from "../../src/tools/notebook/verify";
import { REPOSITORY } from "../tools/commands/support";

/**
 * The cells of a part that printed something else than is stored, each with the lines that differ; none when
 * all is as stored, but for what differs from run to run.
 *
 * @param file `notebooks/02-tcp.ipynb`
 * @param printed the outputs of a cell; a text may come in several pieces
 */
export async function differences(
  file: string,
  printed: (cell: string) => readonly LiveOutput[],
): Promise<string[]> {
  const stored = await readNotebook(REPOSITORY, file);
  const collector = new OutputCollector();
  return stored.cells.flatMap((cell) => {
    if (cell.type !== "code") return [];
    const fresh: Output[] = [];
    for (const output of printed(cell.id)) collector.add(fresh, output);
    const lines = compareOutputs(cell, fresh);
    return lines.length > 0 ? [`${file}#${cell.id}\n${lines.join("\n")}`] : [];
  });
}
