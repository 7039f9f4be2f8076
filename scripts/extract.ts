/** `npm run extract`: writes every program of the notebooks to dist/. */
import { print, printError } from "../src/program/print";
import { runCommand } from "../src/tools/notebook/command";
import {
  type Extraction,
  extractCopies,
  extractPrograms,
  PRACTICE_PROGRAMS_FOLDER,
  PROGRAMS_FOLDER,
} from "../src/tools/notebook/extract";
import { otherNotebooksNote } from "../src/tools/notebook/files";

const HELP = `Usage: npm run extract

Writes every program cell of notebooks/ to ${PROGRAMS_FOLDER}/: NAME.ts to read, NAME.mjs to run with plain node.
Those of your copies in practice/ go to ${PRACTICE_PROGRAMS_FOLDER}/.`;

await runCommand({ help: HELP, positionals: "none" }, async () => {
  const root = process.cwd();
  const own = await extractPrograms(root, { brokenAsStubs: true });
  tell(PROGRAMS_FOLDER, own);
  const copies = await extractCopies(root);
  if (copies.programs.length + copies.changed.length > 0) tell(PRACTICE_PROGRAMS_FOLDER, copies);
  const errors = [...own.errors, ...copies.errors];
  for (const { message } of errors) printError(message);
  const note = await otherNotebooksNote(root);
  if (note) printError(note);
  return errors.length > 0 ? 1 : 0;
});

function tell(folder: string, { programs, changed }: Extraction): void {
  for (const file of changed) print(file);
  const count = programs.length === 1 ? "1 program" : `${programs.length} programs`;
  print(`${count} in ${folder}/, ${changed.length} files changed`);
}
