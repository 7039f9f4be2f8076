/** Opening a part, or the learner's copy of it. */
import type { Part } from "../notebook/parts";
import { copyToPractise } from "./copies";
import type { LabFiles } from "./lab-files";
import { type Actions, type Model, notify, type Work } from "./model";
import type { PartView } from "./part-view";

const LEFT_HERE = "This is where you left. The kernel is fresh: a runs the cells above again.";
const FIRST_TODO =
  "This is your own copy, at its first TODO: e opens the cell in your editor, t checks.";

/** @param show puts the part on the screen */
export function openPart(files: LabFiles, part: Part, show: (view: PartView) => void): Work {
  return {
    type: "work",
    label: "opening",
    async work({ store, reload }) {
      const visited = store.part(part.file).at !== undefined;
      const { view, fresh } = await files.lessons.open(part);
      if (!fresh) await reload(view.lesson);
      return (model: Model): Actions => {
        show(view);
        view.reveal(model);
        return fresh && view.lesson.at > 0 ? [notify(visited ? LEFT_HERE : FIRST_TODO)] : [];
      };
    },
  };
}

/** Opens the learner's copy of a part; makes it first when there is none. */
export function openCopy(files: LabFiles, part: Part): Work {
  return {
    type: "work",
    label: "opening your copy",
    async work({ root }) {
      if (!files.copies.copyOf(part)) {
        await copyToPractise(root, part);
        await files.refreshCopies();
      }
      const copy = files.copies.copyOf(part);
      return () => (copy ? [{ type: "open", part: copy }] : []);
    },
  };
}
