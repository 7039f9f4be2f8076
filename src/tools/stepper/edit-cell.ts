/** Editing a cell in the person's own editor and undoing it. No text is ever lost: not theirs, not another program's. */
import { NotebookError } from "../notebook/errors";
import { updateNotebook } from "../notebook/files";
import { findCell } from "../notebook/format";
import { discardEdit, editFile, editText, keptEdit } from "./editor";
import type { Lesson } from "./lesson";
import type { Tools } from "./model";

/** Opens the cell in the editor and saves what comes back. Returns what to tell the person. */
export async function editCell(tools: Tools, lesson: Lesson): Promise<string> {
  await tools.reload(lesson);
  const cell = lesson.step?.code;
  if (!cell) return "There is no code here to edit.";
  const { root, env, store } = tools;
  const file = editFile(lesson.file, cell.id);
  const before = cell.source;
  const kept = await keptEdit(root, file);
  const edit = await tools.lend((onStart) => editText(root, file, kept ?? before, env, onStart));
  if (edit.problem !== undefined) {
    if (edit.text === before) await discardEdit(root, file);
    const where =
      edit.text === before ? "nothing was changed" : `your text is in ${file}; e opens it again`;
    throw new Error(`${edit.problem}: ${where}`);
  }
  if (edit.text === before) {
    await discardEdit(root, file);
    return kept === undefined
      ? "Nothing was changed."
      : "The edit that had been kept is gone: the cell stays as it was.";
  }
  try {
    await saveSource(root, lesson.file, cell.id, before, edit.text);
  } catch (error) {
    if (!(error instanceof NotebookError)) throw error;
    await tools.reload(lesson).catch(() => {}); // what is there now is shown
    throw new Error(`${error.message}. Your text is in ${file}; e opens it again`);
  }
  await store.updatePart(lesson.file, (part) => ({
    ...part,
    edits: [...part.edits, { cell: cell.id, before, after: edit.text }],
  }));
  await discardEdit(root, file);
  await tools.reload(lesson);
  return kept === undefined
    ? `Saved in ${lesson.file}. u undoes it.`
    : `Saved in ${lesson.file}, from the edit that had been kept. u undoes it.`;
}

/** Takes the last edit of the cell back. Returns what to tell the person. */
export async function undoEdit(tools: Tools, lesson: Lesson): Promise<string> {
  await tools.reload(lesson);
  const cell = lesson.step?.code;
  if (!cell) return "There is no code here.";
  const { edits } = tools.store.part(lesson.file);
  const at = edits.map((edit) => edit.cell).lastIndexOf(cell.id);
  const last = edits[at];
  if (!last) return "This cell has no edit to undo.";
  if (cell.source !== last.after) {
    return "This cell was changed elsewhere since the last edit here: that is not undone.";
  }
  await saveSource(tools.root, lesson.file, cell.id, last.after, last.before);
  await tools.store.updatePart(lesson.file, (part) => ({
    ...part,
    edits: part.edits.filter((_edit, index) => index !== at),
  }));
  await tools.reload(lesson);
  tools.update(() => lesson.forgetError(cell.id));
  return "Undone: the cell is as it was before the edit.";
}

/** @throws {NotebookError} the notebook cannot be read or written now, or the cell is not what it was */
async function saveSource(
  root: string,
  file: string,
  cellId: string,
  before: string,
  after: string,
): Promise<void> {
  await updateNotebook(root, file, (notebook) => {
    const cell = findCell(notebook, cellId);
    if (!cell || cell.source !== before) {
      const what = cell ? "was changed by another program meanwhile" : "is no longer there";
      throw new NotebookError({ file, cell: cellId }, `${what}, so the edit is not saved`);
    }
    cell.source = after;
  });
}
