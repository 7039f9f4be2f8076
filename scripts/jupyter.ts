/** `npm run jupyter`: JupyterLab on the lab, with its kernel. */

import { UsageError } from "../src/program/failures";
import { printError } from "../src/program/print";
import { PORT_MAX } from "../src/sockets/limits";
import { openLab } from "../src/tools/jupyter/open-lab";
import { runCommand } from "../src/tools/notebook/command";
import { findNotebooks, listNotebooks } from "../src/tools/notebook/files";
import { wholeNumber } from "./whole-number";

const HELP = `Usage: npm run jupyter [-- [PART] [--port N]]

Opens JupyterLab on the lab, with its kernel chosen; PART (02, 02-tcp) opens that part, practice/02 your own copy
of it. Uses the jupyter-lab on PATH, or installs one below .lab/ the first time. Ctrl+C ends it, and its kernels.
  --port N   listen on 127.0.0.1:N; 0 lets the system choose (default: 8888, or the next that is free)`;

/** What a shell reports for a program that Ctrl+C ended: 128 and the number of SIGINT. */
const EXIT_INTERRUPTED = 130;

await runCommand({ help: HELP, positionals: "any", values: ["port"] }, async (args) => {
  const { positionals, values } = args;
  if (positionals.length > 1) throw new UsageError("Only one part can be opened at the start");
  const [part] = positionals;
  const port = values.has("port") ? wholeNumber(values, "port", 0, PORT_MAX) : undefined;
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
    throw error;
  }
});
