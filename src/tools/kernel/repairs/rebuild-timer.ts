// Stock tslab: once an import has failed, creating the file or installing the package makes every later
// cell fail with "Unexpected pending rebuildTimer". tslab has room for one timer; TypeScript uses two.
// Here: the second one, which forgets failed look-ups, runs at once and never takes that place.

import type { TypeScript } from "../tslab";

const FORGET_FAILED_LOOKUPS = "invalidateResolutionsOfFailedLookup";

export function repairRebuildTimer(system: TypeScript.System): void {
  const { setTimeout: setRebuild, clearTimeout: clearRebuild } = system;
  const done = {};
  system.setTimeout = (callback, delay, ...args: unknown[]) => {
    if (callback.name !== FORGET_FAILED_LOOKUPS) {
      return setRebuild?.call(system, callback, delay, ...args);
    }
    callback(...args);
    return done;
  };
  system.clearTimeout = (timer) => {
    if (timer !== done) clearRebuild?.call(system, timer);
  };
}
