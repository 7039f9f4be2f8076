/** How the commands report runs of notebooks. */
import type { NotebookRun } from "./run";

/** `notebooks/02-tcp.ipynb   14 cells   2.1 s  ok` */
export function runLine(run: NotebookRun, width: number, verdict: string): string {
  const cells = `${run.cells.length} ${run.cells.length === 1 ? "cell" : "cells"}`;
  const seconds = `${(run.milliseconds / 1000).toFixed(1)} s`;
  return `${run.file.padEnd(width)}  ${cells.padStart(9)}  ${seconds.padStart(7)}  ${verdict}`;
}

/** The width of the longest name. */
export function nameWidth(files: readonly string[]): number {
  return Math.max(0, ...files.map((file) => file.length));
}
