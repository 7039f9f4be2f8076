/** The command line of `npm run book`. */

import path from "node:path";
import { printError } from "../../program/print";
import { type Main, ProgramError, program, UsageError } from "../../program/program";
import { notebookErrorsIn } from "../notebook/errors";
import { BookMaker } from "./book";
import { serveBook } from "./serve";
import { writeBook } from "./write";

const FOLDER = "book";
const PORT = 3000;

/** @param root the repository */
export function bookCommand(root: string): Main {
  return program({
    name: "book",
    about:
      "Makes the notebooks a book: pages that need neither a server nor scripts nor the network.",
    command: "npm run book --",
    port: PORT,
    options: {
      out: {
        description: `folder to write to; by default ${FOLDER}, where index.html is the first page`,
        value: "FOLDER",
      },
      serve: {
        type: "boolean",
        description: "write nothing; serve the book, and show each change of a notebook at once",
      },
    },
    example: `--serve --port ${PORT + 1}`,
    notes:
      "--host and --port are for --serve. Exit status: 0 done, 1 a notebook is wrong, 2 bad usage.",
    async run({ host, port, signal, options, print }) {
      if (options.serve) {
        if (options.out !== undefined)
          throw new UsageError("--serve writes nothing: leave --out away");
        const server = await serveBook(root, { host, port, signal, tell: print });
        print(`The book is at ${server.url}/ and follows the notebooks. Ctrl+C stops.`);
        await server.closed;
        return;
      }
      const folder = options.out ?? FOLDER;
      if (folder === "") throw new UsageError("--out needs the name of a folder");
      const book = await new BookMaker(root).make().catch((error: unknown) => {
        const errors = notebookErrorsIn(error);
        if (!errors) throw error;
        for (const { message } of errors) printError(message);
        throw new ProgramError(`the book in ${folder} stays as it was`);
      });
      const changed = await writeBook(root, folder, book);
      const pages = [...book.keys()].filter((name) => name.endsWith(".html")).length;
      print(`${path.join(folder, "index.html")}: ${pages} pages, ${changed} files changed`);
    },
  });
}
