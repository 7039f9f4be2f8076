/** Ways in which a session ends from outside. Exit statuses are as shells have them: 128 and the signal's number. */

import { constants } from "node:os";
import { printError } from "../../program/print";

const SIGNAL_BASE = 128;
const SIGNALS = ["SIGHUP", "SIGTERM"] as const;
export const LOST_TERMINAL_STATUS = SIGNAL_BASE + constants.signals.SIGHUP;
export const INTERRUPTED_STATUS = SIGNAL_BASE + constants.signals.SIGINT;

export interface Endings {
  /** SIGINT from outside: Ctrl+C in raw mode is a key. */
  onInterrupt(): void;
  /** Told to end, with the status to end with. */
  onSignal(status: number): void;
  /** A bug: gives the terminal back. The process ends then, and its kernel with it. */
  onCrash(): void;
}

/** @returns listens no more */
export function watchEndings({ onInterrupt, onSignal, onCrash }: Endings): () => void {
  const undo: (() => void)[] = [];
  const on = (event: string, handler: (error: unknown) => void): void => {
    process.on(event, handler);
    undo.push(() => process.off(event, handler));
  };
  const crash = (error: unknown): void => {
    onCrash();
    printError(error instanceof Error ? (error.stack ?? String(error)) : String(error));
    process.exit(1);
  };
  for (const signal of SIGNALS) on(signal, () => onSignal(SIGNAL_BASE + constants.signals[signal]));
  on("SIGINT", onInterrupt);
  on("uncaughtException", crash);
  on("unhandledRejection", crash);
  return () => {
    for (const off of undo) off();
  };
}
