/** The program that a cell becomes: extracted, shown, and run in this terminal. */
import { type ChildProcess, spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { print } from "../../program/print";
import { safeText } from "../../program/safe-text";
import { wrapCode } from "../terminal/layout";
import { isCopy } from "./copies";
import { highlight } from "./highlight";
import { type Action, notify, type View } from "./model";
import { PromptView } from "./prompt-view";
import { TextView } from "./text-view";

export interface ShownProgram {
  readonly name: string;
  readonly cell: string;
  readonly file: string;
  /** The extracted file: `dist/tcp_server.ts`. */
  readonly source: string;
  /** Its text. */
  readonly text: string;
  /** Relative to the repository; undefined when it is a part of other programs. */
  readonly command: string | undefined;
}

/**
 * Extracts the programs, and reads the one that the cell becomes. What is wrong with others does not matter.
 *
 * @throws Error the cell cannot be extracted; the message names the place
 */
export async function extractCell(
  root: string,
  file: string,
  name: string,
  cell: string,
): Promise<ShownProgram> {
  // Loads the compiler: only when it is asked for.
  const { extractCopies, extractPrograms, PRACTICE_PROGRAMS_FOLDER, PROGRAMS_FOLDER } =
    await import("../notebook/extract");
  const own = isCopy(file);
  const folder = own ? PRACTICE_PROGRAMS_FOLDER : PROGRAMS_FOLDER;
  const { programs, errors } = own
    ? await extractCopies(root, file)
    : await extractPrograms(root, { brokenAsStubs: true });
  const wrong = errors.filter(({ place }) => place.file === file && place.cell === cell);
  if (wrong.length > 0) throw new Error(wrong.map(({ message }) => message).join("\n"));
  const source = `${folder}/${name}.ts`;
  const text = await readFile(path.join(root, source), "utf8");
  const runs = programs.some((program) => program.name === name);
  return { name, cell, file, source, text, command: runs ? `${folder}/${name}.mjs` : undefined };
}

/** Shows the program, with a key that runs it. */
export function programView({ name, cell, file, source, text, command }: ShownProgram): View {
  const shown = text.replace(/\n\/\/# sourceMappingURL=\S*\s*$/, "\n").trimEnd();
  const view: TextView = new TextView({
    title: source,
    aside: `${file}#${cell}`,
    lines: (columns, { styles }) =>
      highlight(safeText(shown), "typescript", styles).flatMap((line) => wrapCode(line, columns)),
    hints: command === undefined ? [["", "a part of other programs"]] : [["Enter", "run it"]],
    key: (key) => {
      if (key !== "enter" || command === undefined) return undefined;
      return [{ type: "show", view: optionsPrompt(view, name, command) }];
    },
  });
  return view;
}

function optionsPrompt(below: View, name: string, command: string): View {
  return new PromptView(below, {
    label: `$ node ${command}`,
    hints: [
      ["Enter", "run"],
      ["type", "options, such as --port 0 or --help"],
      ["Esc", "back"],
    ],
    entered: (options) => [{ type: "back" }, runProgram(name, command, options)],
  });
}

/** Runs `node dist/NAME.mjs OPTIONS` in the terminal; Ctrl+C is the program's. */
function runProgram(name: string, command: string, options: string): Action {
  return {
    type: "work",
    label: `${name} runs`,
    work: async ({ root, env, lend }) => {
      const status = await lend(async (onStart) => {
        const line = [command, options].join(" ").trim();
        print(`\n$ node ${line}   (Ctrl+C ends it)\n`);
        const file = path.join(root, command);
        const child = spawn(process.execPath, [file, ...splitWords(options)], {
          cwd: root,
          stdio: "inherit",
          env,
        });
        onStart(child);
        const end = await ended(child);
        print(`\nIt ended with ${end}. Press a key to go back to the lab.`);
        await oneKey();
        return end;
      });
      return () => [notify(`${command} ended with ${status}.`)];
    },
  };
}

function ended(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.on("error", (error) => resolve(error.message));
    child.on("close", (status, signal) => resolve(signal ?? `exit status ${status}`));
  });
}

/** A key that is not the lab's: the terminal is lent. Nothing more to wait for when the terminal has gone. */
function oneKey(): Promise<void> {
  const { stdin } = process;
  return new Promise((resolve) => {
    const done = (): void => {
      stdin.off("data", done).off("end", done).off("error", done);
      stdin.pause();
      stdin.setRawMode(false);
      setImmediate(resolve); // Node stops reading a moment after pause(), also if resume() came between
    };
    stdin.once("data", done).once("end", done).once("error", done);
    stdin.setRawMode(true);
    stdin.resume();
  });
}

/** Words as a shell would part them, with quotes; nothing else has a meaning. */
export function splitWords(text: string): string[] {
  const words: string[] = [];
  for (const [, word = ""] of text.matchAll(/((?:"[^"]*"|'[^']*'|[^\s"'])+)/g)) {
    words.push(word.replace(/"([^"]*)"|'([^']*)'/g, (_all, double, single) => double ?? single));
  }
  return words;
}
