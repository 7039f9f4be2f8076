/** `npm run program -- NAME ...`: extracts the programs, then becomes the one that is named. */
import path from "node:path";
import { pathToFileURL } from "node:url";
import { runCommand } from "../src/notebook/command";
import { extractPrograms, PROGRAMS_FOLDER } from "../src/notebook/extract";

const HELP = `Usage: npm run program -- NAME [options of the program]

Extracts the programs of notebooks/ and runs one, for example:
  npm run program -- tcp_server --port 9000
  npm run program -- tcp_server --help`;

// Everything after the name is the program's own.
const [name, ...rest] = process.argv.slice(2);
const own = name === undefined || name.startsWith("-") ? process.argv.slice(2) : [name];

await runCommand(
  { help: HELP, positionals: "any" },
  async ({ positionals: [wanted] }) => {
    const { programs } = await extractPrograms(process.cwd());
    if (programs.some((program) => program.name === wanted)) {
      const file = path.resolve(PROGRAMS_FOLDER, `${wanted}.mjs`);
      // In this process: so its signals and its exit status are the program's.
      process.argv = [process.argv[0] ?? "node", file, ...rest];
      await (await import("esbuild")).stop();
      await import(pathToFileURL(file).href);
      return undefined;
    }
    const list = programs.map((program) => `  ${program.name.padEnd(20)} ${program.file}`);
    const problem = wanted === undefined ? HELP : `No program is called "${wanted}".`;
    console.error(`${problem}\n\nPrograms:\n${list.join("\n") || "  none yet"}`);
    return 2;
  },
  own,
);
