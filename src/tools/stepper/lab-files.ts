/** What lies on the disk: the parts, the learner's copies, which cells are edited, and the parts that are open. */
import { listParts, type Part, partOf } from "../notebook/parts";
import { Copies } from "./copies";
import type { Lesson } from "./lesson";
import { Lessons } from "./lessons";
import type { Model } from "./model";
import type { ProgressStore } from "./progress";
import { type NotebookWatch, watchLabAndCopies } from "./watch-notebooks";

export interface LabFilesEvents {
  /** What is known of the files has changed. */
  onChange(): void;
  /** An open part was saved elsewhere, or cannot be read now. */
  onNews(text: string, kind: "info" | "error"): void;
}

export class LabFiles {
  readonly #root: string;
  readonly #store: ProgressStore;
  readonly #events: LabFilesEvents;
  readonly lessons: Lessons;
  readonly copies = new Copies();
  parts: readonly Part[] = [];
  edited: Model["edited"] = new Map();
  #watch: NotebookWatch | undefined;
  /** By notebook, what was last said of it when it could not be read. */
  readonly #unreadable = new Map<string, string>();

  constructor(root: string, store: ProgressStore, events: LabFilesEvents) {
    this.#root = root;
    this.#store = store;
    this.#events = events;
    this.lessons = new Lessons(root, store);
  }

  async load(): Promise<void> {
    const [parts] = await Promise.all([listParts(this.#root), this.copies.load(this.#root)]);
    this.parts = parts;
  }

  /** Watches the notebooks until `close`. */
  watch(): void {
    this.#watch = watchLabAndCopies(this.#root, (names) => void this.#changedOnDisk(names));
    void this.findEdits();
  }

  close(): void {
    this.#watch?.close();
  }

  /** A part or a copy by its notebook. */
  partOf(file: string | undefined): Part | undefined {
    return [...this.parts, ...this.copies.parts].find((part) => part.file === file);
  }

  /** Copies, or what they prove, have changed. */
  async refreshCopies(): Promise<void> {
    this.#watch?.lookForFolders();
    await this.copies.load(this.#root);
    this.#events.onChange();
  }

  async findEdits(): Promise<void> {
    const { editedCells } = await import("./edited");
    const all = [...this.parts, ...this.copies.parts];
    this.edited = await editedCells(this.#root, all, this.#store.current);
    this.#events.onChange();
  }

  /** Reads an open part again. Returns the ids of the cells that changed. */
  async reload(lesson: Lesson): Promise<string[]> {
    const before = lesson.notebook;
    const changed = await this.lessons.reload(lesson);
    if (lesson.notebook !== before) {
      const fresh = partOf(lesson.notebook);
      this.parts = this.parts.map((part) => (part.file === fresh.file ? fresh : part));
      this.copies.replace(fresh);
      void this.findEdits();
    }
    return changed;
  }

  /** A notebook was saved by another program, or by us. */
  async #changedOnDisk(names: ReadonlySet<string>): Promise<void> {
    this.parts = await listParts(this.#root).catch(() => this.parts);
    await this.refreshCopies();
    for (const { lesson } of this.lessons.views) {
      if (names.has(lesson.file)) await this.#tellChange(lesson);
    }
    await this.findEdits();
  }

  async #tellChange(lesson: Lesson): Promise<void> {
    const { file } = lesson;
    try {
      const changed = await this.reload(lesson);
      this.#unreadable.delete(file);
      if (changed.length === 0) return;
      const cells = changed.length === 1 ? `the cell ${changed[0]}` : `${changed.length} cells`;
      const text = `${file} was changed on disk: ${cells}. This is what is there now.`;
      this.#events.onNews(text, "info");
    } catch (error) {
      const what = error instanceof Error ? error.message : String(error);
      if (this.#unreadable.get(file) === what) return; // one save can be several events
      this.#unreadable.set(file, what);
      this.#events.onNews(`${what}. What was read before is still shown.`, "error");
    }
  }
}
