// Stock tslab: TypeScript hears of an edit when its watcher does, some time later, so a cell run right
// after an edit gets the old module; a module that imports an edited one is not emitted again.
// Here: no watchers. Before each cell, files are compared with what was last read.

import path from "node:path";
import { fileStamp } from "../file-stamp";
import type { Ts, TypeScript } from "../tslab";

interface Watched {
  callbacks: Set<TypeScript.FileWatcherCallback>;
  stamp: string;
  local: boolean;
}

const MISSING = "missing";

export class WatchedFiles {
  private readonly files = new Map<string, Watched>();
  private readonly directories = new Map<string, Set<TypeScript.DirectoryWatcherCallback>>();

  constructor(
    private readonly ts: Ts,
    private readonly root: string,
  ) {}

  /** Takes the place of the system's watchers. */
  install(): void {
    this.ts.sys.watchFile = (file, callback) => {
      let watched = this.files.get(file);
      if (!watched) {
        const local = this.isLocal(file);
        watched = {
          callbacks: new Set(),
          stamp: local ? (fileStamp(file) ?? MISSING) : MISSING,
          local,
        };
        this.files.set(file, watched);
      }
      const { callbacks } = watched;
      callbacks.add(callback);
      return {
        close: () => {
          callbacks.delete(callback);
          if (callbacks.size === 0) this.files.delete(file);
        },
      };
    };
    this.ts.sys.watchDirectory = (directory, callback) => {
      const callbacks = this.directories.get(directory) ?? new Set();
      this.directories.set(directory, callbacks.add(callback));
      return {
        close: () => {
          callbacks.delete(callback);
          if (callbacks.size === 0) this.directories.delete(directory);
        },
      };
    };
  }

  /** Tells the compiler about every local file that was edited, created or deleted since the last time. */
  refresh(): void {
    let edited = false;
    for (const [file, watched] of [...this.files]) {
      if (!watched.local) continue;
      const now = fileStamp(file) ?? MISSING;
      const before = watched.stamp;
      if (now === before) continue;
      watched.stamp = now;
      edited = true;
      const { Created, Changed, Deleted } = this.ts.FileWatcherEventKind;
      notify(file, watched, before === MISSING ? Created : now === MISSING ? Deleted : Changed);
    }
    if (edited) this.emitAllAgain();
  }

  /**
   * Has every local file read and emitted again. What a file emits also depends on what it imports: a
   * name that was a type and is now a value is imported from then on.
   */
  emitAllAgain(): void {
    for (const [file, watched] of [...this.files]) {
      if (!watched.local || !/\.[cm]?[jt]sx?$/.test(file) || file.endsWith(".d.ts")) continue;
      notify(file, watched, this.ts.FileWatcherEventKind.Changed);
    }
  }

  /** After an import failed: has the compiler look again for what it did not find. */
  forgetMissing(): void {
    for (const [directory, callbacks] of [...this.directories]) {
      for (const callback of [...callbacks]) callback(directory);
    }
  }

  private isLocal(file: string): boolean {
    const relative = path.relative(this.root, file);
    return !relative.startsWith("..") && !relative.split(/[\\/]/).includes("node_modules");
  }
}

function notify(file: string, watched: Watched, kind: TypeScript.FileWatcherEventKind): void {
  for (const callback of [...watched.callbacks]) callback(file, kind);
}
