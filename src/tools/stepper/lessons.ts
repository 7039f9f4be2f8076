/** The parts that were opened in this session: each is read once, and again when its notebook has changed. */
import { readNotebook } from "../notebook/files";
import type { Part } from "../notebook/parts";
import { isCopy } from "./copies";
import type { Lesson } from "./lesson";
import type { PartView } from "./part-view";
import type { ProgressStore } from "./progress";

export class Lessons {
  readonly #root: string;
  readonly #store: ProgressStore;
  readonly #views = new Map<string, PartView>();

  constructor(root: string, store: ProgressStore) {
    this.#root = root;
    this.#store = store;
  }

  get views(): Iterable<PartView> {
    return this.#views.values();
  }

  /** @returns the part as it is now, where it was left; `fresh` when it had not been opened before */
  async open({ file }: Part): Promise<{ view: PartView; fresh: boolean }> {
    const opened = this.#views.get(file);
    if (opened) return { view: opened, fresh: false };
    const notebook = await readNotebook(this.#root, file);
    // Loaded with the first part, not with the first screen.
    const [{ PartView }, { Lesson }] = await Promise.all([
      import("./part-view"),
      import("./lesson"),
    ]);
    const lesson = new Lesson(notebook);
    const { at, reached } = this.#store.part(file);
    lesson.restore(at, reached);
    const [todo] = lesson.todos();
    // A copy begins where there is something to write.
    if (at === undefined && todo !== undefined && isCopy(file)) lesson.goTo(lesson.indexOf(todo));
    const view = new PartView(lesson);
    this.#views.set(file, view);
    return { view, fresh: true };
  }

  /**
   * Reads a notebook again. Returns the ids of the cells that changed.
   *
   * @throws {NotebookError} it cannot be read now; what was read before stays
   */
  async reload(lesson: Lesson): Promise<string[]> {
    const notebook = await readNotebook(this.#root, lesson.file);
    return notebook.text === lesson.notebook.text ? [] : lesson.replace(notebook);
  }

  /** Keeps the place for the next time. */
  keepPlace(lesson: Lesson): void {
    const at = lesson.idOf(lesson.at);
    const reached = lesson.idOf(lesson.reached);
    const kept = this.#store.part(lesson.file);
    const isLast = this.#store.current.last === lesson.file;
    if (isLast && kept.at === at && kept.reached === reached) return;
    void this.#store.updatePart(lesson.file, (part) => ({
      ...part,
      ...(at !== undefined && { at }),
      ...(reached !== undefined && { reached }),
    }));
  }
}
