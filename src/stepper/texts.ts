/** What the stepper says: its help, the list of parts, a step, and the bottom line. */
import { cutColumns, type Styles } from "./ansi";
import { editorCommand } from "./editor";
import type { Part } from "./parts";
import type { KernelStatus, Step } from "./session";

export const HELP = `Enter  run the cell that is shown, and go on       n  go on without running it
b      back to the cell before                     r  run the last cell again
e      edit the cell in your editor and save it    p  choose another part (with a fresh kernel)
?      this help                                   q  leave
Ctrl+C interrupts a running cell; a second one leaves.
`;

/**
 * What keys mean now. "busy": for a moment, nothing; "running": a cell runs; "away": the terminal is somebody
 * else's, such as the editor's.
 */
export type Mode = "choosing" | "stepping" | "busy" | "running" | "away";

export function partsText(parts: readonly Part[], { bold, dim, red }: Styles): string {
  const lines = parts.map(({ number, title, problem }) => {
    const text = `  ${bold(number.padStart(2))}  ${title}`;
    return problem ? `${text}\n      ${red(problem)}` : text;
  });
  const about = dim("Learn network programming with real sockets, cell by cell.");
  return `\n${bold("Socket Lab")}  ${about}\n\n${lines.join("\n")}\n\n`;
}

/** A step's prose and code. */
export async function stepText(step: Step, columns: number, style: Styles): Promise<string> {
  // Loaded with the first step, not with the first prompt.
  const { renderMarkdown } = await import("./markdown");
  const lines = [""];
  for (const cell of step.prose) lines.push(...renderMarkdown(cell.source, columns, style), "");
  if (step.code) {
    const title = `── cell ${step.index + 1} of ${step.total}: ${step.code.id} ──`;
    lines.push(style.dim(cutColumns(title, columns)));
    lines.push(...step.code.source.split("\n").map(style.cyan), "");
  }
  return `${lines.join("\n")}\n`;
}

export interface StatusFacts {
  readonly mode: Mode;
  readonly kernel: KernelStatus;
  readonly step: Step | undefined;
  /** Digits of a part's number, typed so far. */
  readonly typed: string;
  /** The part that Enter opens. */
  readonly nextPart: Part | undefined;
  readonly env: NodeJS.ProcessEnv;
}

/** The bottom line: what keys do now. */
export function statusText({ mode, kernel, step, typed, nextPart, env }: StatusFacts): string {
  const starting = kernel === "starting" ? " · the kernel is starting" : "";
  switch (mode) {
    case "away":
      return "";
    case "busy":
      return "one moment · q leave";
    case "running":
      return kernel === "starting"
        ? "waiting for the kernel · q leave"
        : "running · Ctrl+C interrupts · q leave";
    case "choosing": {
      const number = typed === "" ? "a number opens a part" : `part ${typed}, Enter opens it`;
      return `${number} · Enter part ${nextPart?.number ?? ""} · q leave${starting}`;
    }
    case "stepping": {
      const editor = editorCommand(env).split(" ")[0];
      const here = step?.code
        ? `${step.index + 1}/${step.total} · Enter run · n next`
        : "end of the part · Enter parts";
      return `${here} · b back · r again · e edit (${editor}) · ? help · q leave${starting}`;
    }
  }
}
