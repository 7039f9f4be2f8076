/** Methods of one object, replaced for a while by one that looks and then does the same. */
import type { EventEmitter } from "node:events";

/**
 * Gives `target` its own `name`, made from the one it has; returns what takes it back. The
 * property is not enumerable, so printing the object does not show it. If other code has replaced
 * it again in the meantime, theirs stays and calls ours, which then only passes on.
 */
export function override<T extends object, K extends keyof T>(
  target: T,
  name: K,
  make: (original: T[K], active: () => boolean) => T[K],
): () => void {
  const before = Object.getOwnPropertyDescriptor(target, name);
  let active = true;
  const replacement = make(target[name], () => active);
  Object.defineProperty(target, name, {
    value: replacement,
    writable: true,
    configurable: true,
    enumerable: false,
  });
  return () => {
    active = false;
    if (target[name] !== replacement) return;
    if (before === undefined) Reflect.deleteProperty(target, name);
    else Object.defineProperty(target, name, before);
  };
}

/** Lets `look` see each event of `target` before any listener does; returns what takes it back. */
export function beforeEvents<T extends EventEmitter>(
  target: T,
  look: (event: string, args: unknown[]) => void,
): () => void {
  return override(
    target,
    "emit",
    (original, active) =>
      (event: string | symbol, ...args: unknown[]) => {
        if (active()) look(String(event), args);
        return Reflect.apply(original, target, [event, ...args]);
      },
  );
}

export function restoreAll(overrides: readonly (() => void)[] = []): void {
  for (const restore of overrides) restore();
}
