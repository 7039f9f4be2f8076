/** What views may ask of the program around them. */
import type { ChildProcess } from "node:child_process";
import type { Part } from "../notebook/parts";
import type { Styles } from "../terminal/palette";
import type { Deck } from "./deck";
import type { KernelHost } from "./kernel-host";
import type { ProgressStore } from "./progress";
import type { Shelf } from "./shelf";
import type { Size, View } from "./view";

/** Something under way that keeps most keys from working. */
export interface Activity {
  /** What the bottom line says: `running joined`. */
  label: string;
  /** performance.now() of the start. */
  readonly started: number;
  /** Where the amount is known. */
  progress?: { readonly done: number; readonly total: number };
  /** Ctrl+C. */
  stop?(): void;
}

export interface AppContext {
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  readonly styles: Styles;
  readonly kernel: KernelHost;
  readonly store: ProgressStore;
  readonly parts: readonly Part[];
  /** The learner's own copies of parts. */
  readonly shelf: Shelf;
  readonly activity: Activity | undefined;
  /** Room above the bottom line. */
  size(): Size;
  /** Shows what has changed, soon. */
  redraw(): void;
  /** A message above the bottom line, until the next key. */
  notify(text: string, kind?: "info" | "error"): void;
  /**
   * Does something that takes a while; meanwhile nothing else begins. What goes wrong is shown.
   * Resolves with undefined when it went wrong, or when something else is under way.
   */
  during<T>(
    activity: Omit<Activity, "started">,
    work: (activity: Activity) => Promise<T>,
  ): Promise<T | undefined>;
  /** Lets a program have the terminal; it is ended if this one must end. */
  lend<T>(work: (onStart: (child: ChildProcess) => void) => Promise<T>): Promise<T>;
  /** A process to be ended with this one, with all that it started when it leads a group. */
  own(child: ChildProcess, group: boolean): void;
  push(view: View): void;
  pop(): void;
  open(part: Part): Promise<void>;
  /** Opens the learner's copy of a part; makes it first when there is none. */
  practise(part: Part): Promise<void>;
  /** Copies, or what they prove, have changed. */
  shelfChanged(): Promise<void>;
  showContents(): void;
  editedIn(file: string): ReadonlySet<string>;
  /** The part and what is edited in it is looked at again. */
  partChanged(deck: Deck): void;
  /** This part's cells begin to run: the kernel is theirs, and late output goes to them. */
  claimKernel(deck: Deck): void;
  /** Ends the session with this exit status. */
  leave(status: number): void;
}
