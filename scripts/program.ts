/** `npm run program -- NAME ...`: extracts the programs, then becomes the one that is named. */

import path from "node:path";
import { pathToFileURL } from "node:url";
import { didYouMean } from "../src/program/did-you-mean";
import { UsageError } from "../src/program/failures";
import { printError } from "../src/program/print";
import { runCommand } from "../src/tools/notebook/command";
import {
  extractCopies,
  extractPrograms,
  PRACTICE_PROGRAMS_FOLDER,
  PROGRAMS_FOLDER,
} from "../src/tools/notebook/extract";
import { namesCopy } from "../src/tools/notebook/files";

const HELP = `Usage: npm run program -- NAME [options of the program]

Extracts the programs of notebooks/ and runs one, for example:
  npm run program -- tcp_server --port 9000
  npm run program -- tcp_server --help
  npm run program -- practice/http_server   the one of your own copy`;

// Everything after the name is the program's own.
const [name, ...rest] = process.argv.slice(2);
const own = name === undefined || name.startsWith("-") ? process.argv.slice(2) : [name];

await runCommand(
  { help: HELP, positionals: "any" },
  async ({ positionals: [wanted] }) => {
    const root = process.cwd();
    const own = wanted !== undefined && namesCopy(wanted);
    const name = own ? path.basename(wanted) : wanted;
    // A program of one notebook runs whatever is wrong with another; its own errors are what it then prints.
    const { programs, errors } = await (own
      ? extractCopies(root)
      : extractPrograms(root, { brokenAsStubs: true }));
    if (programs.some((program) => program.name === name)) {
      const file = path.resolve(own ? PRACTICE_PROGRAMS_FOLDER : PROGRAMS_FOLDER, `${name}.mjs`);
      // In this process: so its signals and its exit status are the program's.
      process.argv = [process.argv[0] ?? "node", file, ...rest];
      await (await import("esbuild")).stop();
      await import(pathToFileURL(file).href);
      return undefined;
    }
    for (const { message } of errors) printError(message);
    if (wanted !== undefined) {
      const names = programs.map(({ name }) => (own ? `practice/${name}` : name));
      const meant = didYouMean(wanted, names) || "; npm run program lists them";
      throw new UsageError(`No program is called "${wanted}"${meant}`);
    }
    const list = programs.map(({ name, file }) => `  ${name.padEnd(28)} ${file}`);
    printError(`${HELP}\n\nPrograms:\n${list.join("\n") || "  none yet"}`);
    return 2;
  },
  own,
);
