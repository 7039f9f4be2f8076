/** Notices notebooks that another program saves, and what checks elsewhere have proved. */
import { type FSWatcher, watch } from "node:fs";
import path from "node:path";
import { NOTEBOOKS_FOLDER, PRACTICE_FOLDER } from "../notebook/files";
import { RECORD_FILE } from "../practice/progress/record";

/** An editor that saves in place empties the file first: let it finish. */
const SAVING_MS = 80;

/** Watches the lab's own notebooks. @returns stops watching */
export function watchNotebooks(
  root: string,
  onChange: (files: ReadonlySet<string>) => void,
): () => void {
  const watching = new NotebookWatch(root, [NOTEBOOKS_FOLDER], onChange);
  return () => watching.close();
}

/** Watches the lab's own notebooks, the learner's copies, and what these prove. */
export function watchLabAndCopies(
  root: string,
  onChange: (files: ReadonlySet<string>) => void,
): NotebookWatch {
  return new NotebookWatch(root, [NOTEBOOKS_FOLDER, PRACTICE_FOLDER], onChange);
}

export class NotebookWatch {
  readonly #root: string;
  readonly #folders: readonly string[];
  readonly #onChange: (files: ReadonlySet<string>) => void;
  readonly #watchers = new Map<string, FSWatcher>();
  #changed = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  /** @param onChange told the files, `notebooks/02-tcp.ipynb`, once for all that was saved at about one time */
  constructor(
    root: string,
    folders: readonly string[],
    onChange: (files: ReadonlySet<string>) => void,
  ) {
    this.#root = root;
    this.#folders = folders;
    this.#onChange = onChange;
    this.lookForFolders();
  }

  /** Begins to watch folders that were not there before. */
  lookForFolders(): void {
    for (const folder of this.#folders) {
      if (this.#watchers.has(folder)) continue;
      try {
        const watcher = watch(path.join(this.#root, folder), (_event, name) => {
          if (name) this.#saved(`${folder}/${name}`);
        });
        this.#watchers.set(folder, watcher);
        watcher.on("error", () => {
          watcher.close(); // a cell's run reads the notebook anew in any case
          this.#watchers.delete(folder);
        });
      } catch {
        // No such folder, or no more watches to be had.
      }
    }
  }

  #saved(file: string): void {
    const hidden = path.posix.basename(file).startsWith(".");
    if (hidden || !(file.endsWith(".ipynb") || file === RECORD_FILE)) return;
    this.#changed.add(file);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const files = this.#changed;
      this.#changed = new Set();
      this.#onChange(files);
    }, SAVING_MS);
  }

  close(): void {
    clearTimeout(this.#timer);
    for (const watcher of this.#watchers.values()) watcher.close();
  }
}
