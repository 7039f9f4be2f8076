/** `npm run jupyter`: JupyterLab on the lab, with its kernel. */

import { parseArgs } from "node:util";
import { print, printError } from "../src/program/print";
import { PORT_MAX } from "../src/sockets/limits";
import { JupyterError } from "../src/tools/jupyter/jupyter-error";
import { openLab } from "../src/tools/jupyter/open-lab";
import { notebookErrorsIn } from "../src/tools/notebook/errors";
import { findNotebooks, listNotebooks } from "../src/tools/notebook/files";
import { wholeNumber } from "./whole-number";

const HELP = `Usage: npm run jupyter [-- [PART] [--port N]]

Opens JupyterLab on the lab, with its kernel chosen; PART (02, 02-tcp) opens that part, practice/02 your own copy
of it. Uses the jupyter-lab on PATH, or installs one below .lab/ the first time. Ctrl+C ends it, and its kernels.
  --port N   listen on 127.0.0.1:N; 0 lets the system choose (default: 8888, or the next that is free)`;

/** What a shell reports for a program that Ctrl+C ended: 128 and the number of SIGINT. */
const EXIT_INTERRUPTED = 130;

const options = readOptions();
if (options) process.exitCode = await main(options);

interface Options {
  readonly part: string | undefined;
  readonly port: number | undefined;
}

/** Undefined when there is nothing more to do than what has been said. */
function readOptions(): Options | undefined {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { port: { type: "string" }, help: { type: "boolean" } },
    });
    if (values.help) {
      print(HELP);
      return undefined;
    }
    if (positionals.length > 1) throw new RangeError("only one part can be opened at the start");
    const { port } = values;
    return {
      part: positionals[0],
      port: port === undefined ? undefined : wholeNumber("port", port, 0, PORT_MAX),
    };
  } catch (error) {
    printError(`jupyter: ${error instanceof Error ? error.message : error}\n${HELP}`);
    process.exitCode = 2;
    return undefined;
  }
}

async function main({ part, port }: Options): Promise<number> {
  const stop = new AbortController();
  const stopped = new Error("stopped");
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => stop.abort(stopped));
  }
  const root = process.cwd();
  try {
    const files = await listNotebooks(root);
    const [file] = part === undefined ? [] : await findNotebooks(root, [part]);
    await openLab({
      root,
      firstPart: files[0] ?? "",
      env: process.env,
      output: process.stdout,
      signal: stop.signal,
      ...(file !== undefined && { file }),
      ...(port !== undefined && { port }),
    });
    return 0;
  } catch (error) {
    if (error === stopped) {
      printError("Stopped. `npm run jupyter` goes on from here.");
      return EXIT_INTERRUPTED;
    }
    const known = error instanceof JupyterError ? [error] : notebookErrorsIn(error);
    if (!known) throw error;
    for (const { message } of known) printError(message);
    return 1;
  }
}
