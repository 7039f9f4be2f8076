/** Runs scripts/NAME.ts here, as its command does: for all that needs no process of its own. */
import path from "node:path";
import "esbuild"; // keeps the working directory in which it is loaded: not one that a test makes and removes
import { vi } from "vitest";
import { REPOSITORY } from "./support";

/** What a command that has ended leaves. */
export interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

let runs = 0;

/** @param cwd where the command is run */
export async function runHere(cwd: string, name: string, ...args: string[]): Promise<Ended> {
  vi.spyOn(process, "cwd").mockReturnValue(cwd);
  return runFileHere(path.join(REPOSITORY, "scripts", `${name}.ts`), ...args);
}

/** Runs any file as `node FILE ARGS` would, if it does all its work while it is loaded. */
export async function runFileHere(file: string, ...args: string[]): Promise<Ended> {
  return heard(async () => {
    const { argv } = process;
    process.argv = [process.execPath, file, ...args];
    const listeners = process.stdout.listeners("error");
    try {
      // Under another address it is loaded once more.
      await import(/* @vite-ignore */ `${file}?run=${++runs}`);
      return Number(process.exitCode ?? 0);
    } finally {
      process.argv = argv;
      process.exitCode = undefined;
      for (const listener of process.stdout.listeners("error")) {
        if (!listeners.includes(listener)) process.stdout.off("error", listener as () => void);
      }
    }
  });
}

/** What `command` writes with console.log and console.error, and the status that it gives. */
export async function heard(command: () => Promise<number>): Promise<Ended> {
  const said = { stdout: "", stderr: "" };
  const line =
    (stream: keyof typeof said) =>
    (...words: unknown[]) => {
      said[stream] += `${words.join(" ")}\n`;
    };
  vi.spyOn(console, "log").mockImplementation(line("stdout"));
  vi.spyOn(console, "error").mockImplementation(line("stderr"));
  try {
    return { status: await command(), ...said };
  } finally {
    vi.restoreAllMocks();
  }
}
