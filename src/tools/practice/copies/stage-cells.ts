/** Puts the instructions of each stage beside the first cell that the stage asks for. */
import type { Judge } from "../judging/judge";
import { type NumberedStage, stageTitle } from "../judging/stages";

interface StoredNotebook {
  readonly cells: { readonly id: string }[];
}

/** @param text a notebook as it is stored @returns the same with a cell for each stage, and one that lists them */
export function withStages(text: string, { stages = [], part }: Judge): string {
  if (stages.length === 0) return text;
  const notebook: StoredNotebook = JSON.parse(text);
  const numbered = stages.map((stage, at) => ({ ...stage, number: at + 1, of: stages.length }));
  for (const stage of numbered) {
    const at = notebook.cells.findIndex(({ id }) => id === stage.cells[0]);
    notebook.cells.splice(at, 0, markdown(`stage-${stage.number}`, instructions(stage, part)));
  }
  notebook.cells.splice(1, 0, markdown("stages", overview(numbered, part)));
  return `${JSON.stringify(notebook, null, 1)}\n`;
}

function overview(stages: readonly NumberedStage[], part: string): string {
  const rows = stages.map(
    ({ title, cells, number }) => `${number}. **${title}**: \`${cells.join("`, `")}\``,
  );
  return [
    "## Your stages",
    "",
    `Build in this order, wherever the cells are in the notebook. \`npm run check -- ${part}\` says which stage you have reached.`,
    "",
    ...rows,
  ].join("\n");
}

function instructions(stage: NumberedStage, part: string): string {
  const { task, cells, uses, until } = stage;
  return [
    `### ${stageTitle(stage)}`,
    "",
    task,
    "",
    `- Write: \`${cells.join("`, `")}\``,
    `- Uses: ${uses}`,
    `- Done when \`npm run check -- ${part}\` passes "${until}"`,
  ].join("\n");
}

function markdown(id: string, text: string): { id: string } {
  const source = text.split(/(?<=\n)/);
  return { cell_type: "markdown", id, metadata: {}, source } as { id: string };
}
