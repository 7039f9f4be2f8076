/** The state that views draw, and the actions that they may ask for. app.ts alone changes the one and does the other. */
import type { ChildProcess } from "node:child_process";
import type { Part } from "../notebook/parts";
import type { Key } from "../terminal/keys";
import type { Styles } from "../terminal/palette";
import type { Copies } from "./copies";
import type { KernelHost, KernelState } from "./kernel-host";
import type { Lesson } from "./lesson";
import type { Progress, ProgressStore } from "./progress";

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** A key that works now, and what it does: `["Enter", "run"]`. The first are the most important. */
export type Hint = readonly [key: string, does: string];

/** Work that is going on and keeps most keys from working. */
export interface Activity {
  /** What the bottom line says: `running`. */
  readonly label: string;
  /** performance.now() of the start. */
  readonly started: number;
  /** Where the amount is known. */
  readonly progress?: { readonly done: number; readonly total: number };
  /** Ctrl+C. */
  stop?(): void;
}

/** The state of a session as it is now. */
export interface Model {
  readonly env: NodeJS.ProcessEnv;
  readonly styles: Styles;
  /** Room above the bottom line. */
  readonly size: Size;
  readonly parts: readonly Part[];
  /** The learner's own copies of parts. */
  readonly copies: Copies;
  readonly progress: Progress;
  /** By notebook, the ids of the cells that the learner has edited. */
  readonly edited: ReadonlyMap<string, ReadonlySet<string>>;
  readonly kernel: KernelState;
  readonly activity: Activity | undefined;
}

/** What fills the screen above the bottom line. The one on top gets the keys. */
export interface View {
  /** The rows to show, at most `model.size.rows`. */
  rows(model: Model): readonly string[];
  /** Everything there is to read, for a terminal that can only add lines. */
  text(model: Model): readonly string[];
  hints(model: Model): readonly Hint[];
  /** What stands at the right of the bottom line, such as `9/26`. */
  place?(model: Model): string;
  key(key: Key, model: Model): Actions;
  /** The terminal has another size. */
  resized?(model: Model): void;
  /** A message takes the place of the first rows, not of the last ones. */
  readonly endCounts?: boolean;
  /** Characters are text, not keys. */
  readonly typing?: boolean;
  /** The list of keys: it does not offer itself. */
  readonly isHelp?: boolean;
  /** The part that is stepped through: its place is kept. */
  readonly lesson?: Lesson;
}

/** What an event asks for. */
export type Action =
  /** A message above the bottom line, until the next key. */
  | { readonly type: "notify"; readonly text: string; readonly kind?: "info" | "error" }
  /** Puts a view over the others. */
  | { readonly type: "show"; readonly view: View }
  /** Takes the topmost view away. */
  | { readonly type: "back" }
  | { readonly type: "contents" }
  | { readonly type: "open"; readonly part: Part }
  /** Opens the learner's copy of a part; makes it first when there is none. */
  | { readonly type: "practise"; readonly part: Part }
  /** Copies, or what they prove, have changed. */
  | { readonly type: "refresh" }
  | { readonly type: "restart" }
  | { readonly type: "leave"; readonly status: number }
  | Work;

/**
 * Something that takes a while; no other work begins meanwhile. An error that it throws is shown. What it
 * returns is decided when it is over, by the state then.
 */
export interface Work {
  readonly type: "work";
  readonly label: string;
  work(tools: Tools): Promise<Decision | undefined>;
  /** Ctrl+C. */
  stop?(tools: Tools): void;
}

export type Actions = readonly Action[];
export type Decision = (model: Model) => Actions;

/** What work may use. */
export interface Tools {
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  readonly kernel: KernelHost;
  readonly store: ProgressStore;
  /** Changes what is shown; it is drawn afterwards. */
  update(change: (model: Model) => void): void;
  /** Says how far the work is. */
  report(progress: Pick<Activity, "label" | "progress">): void;
  /** Reads the notebook again, so that what another editor saved is seen. Returns the cells that changed. */
  reload(lesson: Lesson): Promise<string[]>;
  /** This part's cells begin to run: the kernel is theirs, and late output goes to them. */
  claimKernel(lesson: Lesson): void;
  /** Lets a program have the terminal; it is ended if this one must end. */
  lend<T>(work: (onStart: (child: ChildProcess) => void) => Promise<T>): Promise<T>;
  /** A process to be ended with this one, with all that it started when it leads a group. */
  own(child: ChildProcess, group: boolean): void;
}

export function notify(text: string, kind: "info" | "error" = "info"): Action {
  return { type: "notify", text, kind };
}
