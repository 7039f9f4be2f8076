/** Notices notebooks that another program saves. */
import { watch } from "node:fs";
import path from "node:path";
import { NOTEBOOKS_FOLDER } from "../notebook/files";

/** An editor that saves in place empties the file first: let it finish. */
const SAVING_MS = 80;

/**
 * @param onChange told the notebooks, `notebooks/02-tcp.ipynb`, once for all that was saved at about one time
 * @returns stops watching
 */
export function watchNotebooks(
  root: string,
  onChange: (files: ReadonlySet<string>) => void,
): () => void {
  let changed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  try {
    const watcher = watch(path.join(root, NOTEBOOKS_FOLDER), (_event, name) => {
      if (!name?.endsWith(".ipynb") || name.startsWith(".")) return;
      changed.add(`${NOTEBOOKS_FOLDER}/${name}`);
      clearTimeout(timer);
      timer = setTimeout(() => {
        const files = changed;
        changed = new Set();
        onChange(files);
      }, SAVING_MS);
    });
    watcher.on("error", () => watcher.close()); // a cell's run reads the notebook anew in any case
    return () => {
      clearTimeout(timer);
      watcher.close();
    };
  } catch {
    return () => {}; // no more watches to be had
  }
}
