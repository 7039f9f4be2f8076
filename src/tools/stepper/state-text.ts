/** What goes on, for the left of the bottom line. */

import { duration, progressBar } from "../terminal/layout";
import type { KernelState, KernelStatus } from "./kernel-host";
import type { Activity } from "./model";

/** Anything that takes longer gets a spinner. */
const SPINNER_AFTER_MS = 500;
export const SPINNER_FRAME_MS = 120;
const SPINNER = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const PROGRESS_COLUMNS = 8;

const KERNEL_STATES: Readonly<Record<KernelStatus, string>> = {
  starting: "○ kernel starting",
  ready: "● kernel ready",
  running: "● kernel busy",
  failed: "✗ kernel failed",
  closed: "○ kernel ended",
};

/** An activity and how long it takes, or else the kernel's state. */
export function stateText(
  activity: Activity | undefined,
  kernel: Pick<KernelState, "status" | "interrupting"> | undefined,
): string {
  if (!activity) return KERNEL_STATES[kernel?.status ?? "starting"];
  const elapsed = performance.now() - activity.started;
  const slow = elapsed > SPINNER_AFTER_MS;
  const spinner = SPINNER[Math.floor(elapsed / SPINNER_FRAME_MS) % SPINNER.length];
  const words = [slow ? spinner : "●", kernel?.interrupting ? "interrupting" : activity.label];
  if (slow) words.push(duration(elapsed));
  const { progress } = activity;
  if (progress) {
    const { done, total } = progress;
    words.push(progressBar(done, total, PROGRESS_COLUMNS).join(""), `${done + 1}/${total}`);
  }
  return words.join(" ");
}
