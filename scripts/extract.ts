/** `npm run extract`: writes every program of the notebooks to dist/. */
import { runCommand } from "../src/notebook/command";
import { extractPrograms, PROGRAMS_FOLDER } from "../src/notebook/extract";

const HELP = `Usage: npm run extract

Writes every program cell of notebooks/ to ${PROGRAMS_FOLDER}/: NAME.ts to read, NAME.mjs to run with plain node.`;

await runCommand({ help: HELP, positionals: "none" }, async () => {
  const { programs, changed } = await extractPrograms(process.cwd());
  for (const file of changed) console.log(file);
  const count = programs.length === 1 ? "1 program" : `${programs.length} programs`;
  console.log(`${count} in ${PROGRAMS_FOLDER}/, ${changed.length} files changed`);
  return 0;
});
