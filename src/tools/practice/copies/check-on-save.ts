/** Checks again whenever a copy is saved. */
import { watch } from "node:fs";
import path from "node:path";

/** An editor that saves in place empties the file first: let it finish. */
const SAVING_MS = 60;

/**
 * Runs `check` now, and after every save of `file`; one that is under way is aborted first.
 * Resolves when `signal` is aborted.
 *
 * @param check must settle soon after its signal is aborted; only an abort may make it reject
 */
export async function checkOnSave(
  file: string,
  signal: AbortSignal,
  check: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  let current: AbortController | undefined;
  let running: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let fail: (error: unknown) => void = () => {};
  const failed = new Promise<never>((_resolve, reject) => {
    fail = reject;
  });
  const again = (): void => {
    current?.abort(new Error("the copy was saved again"));
    running = running.then(async () => {
      const own = new AbortController();
      current = own;
      try {
        await check(AbortSignal.any([signal, own.signal]));
      } catch (error) {
        if (!own.signal.aborted && !signal.aborted) fail(error);
      }
    });
  };
  // The folder, because saving may replace the file.
  const watcher = watch(path.dirname(file), (_event, name) => {
    if (name !== path.basename(file)) return;
    clearTimeout(timer);
    timer = setTimeout(again, SAVING_MS);
  });
  const stopped = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
  try {
    again();
    await Promise.race([stopped, failed]);
  } finally {
    clearTimeout(timer);
    watcher.close();
    current?.abort(new Error("no longer watched"));
    await running;
  }
}
