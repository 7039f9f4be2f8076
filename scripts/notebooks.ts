/** `npm run notebooks`: runs notebooks in the kernel and stores their outputs, or compares them. */

import { print, printError } from "../src/program/print";
import { LAB_PORTS, labPort } from "../src/sockets/lab-ports";
import { prepareKernels, startKernel } from "../src/tools/kernel/client";
import { runCommand } from "../src/tools/notebook/command";
import { type NotebookError, NotebookErrors, notebookErrorsIn } from "../src/tools/notebook/errors";
import { findNotebooks, otherNotebooksNote } from "../src/tools/notebook/files";
import { nameWidth, runLine } from "../src/tools/notebook/report";
import {
  BRIEF_MEASUREMENTS,
  type FinishedRun,
  runAll,
  SYSTEM_PORTS,
  WORTH_PREPARING,
} from "../src/tools/notebook/run-all";
import { checkRun, storeOutputs } from "../src/tools/notebook/store";

const HELP = `Usage: npm run notebooks [-- [--check] [PART...]]

Runs notebooks from the top in the kernel and stores their outputs; all of them, or those named by the start
of their name:
  npm run notebooks                   all parts
  npm run notebooks -- 02 03          two parts
  npm run notebooks -- practice/02    your own copy of a part, which is left alone otherwise
  npm run notebooks -- --check        compare with the stored outputs instead; writes nothing, and fails on
                                      a difference

Stored outputs show the lab's own ports (${Object.values(LAB_PORTS).join(", ")}), so these have to be free,
unless the environment has SOCKET_LAB_PORTS=system.`;

await runCommand({ help: HELP, positionals: "any", flags: ["check"] }, async (args) => {
  const root = process.cwd();
  const files = await findNotebooks(root, args.positionals);
  const note = args.positionals.length === 0 && (await otherNotebooksNote(root));
  if (note) printError(note);
  const check = args.flags.has("check");
  const systemPorts = check || process.env.SOCKET_LAB_PORTS === "system";
  if (!systemPorts && !(await labPortsAreFree())) return 1;
  const env = {
    ...process.env,
    ...(systemPorts && SYSTEM_PORTS),
    ...(check && BRIEF_MEASUREMENTS),
  };
  const problems: NotebookError[] = [];
  if (files.length >= WORTH_PREPARING) await prepareKernels({ env });
  const runs = runAll(root, files, {
    startKernel: () => startKernel({ env }),
    // The lab's own ports can be had once.
    ...(!systemPorts && { sideBySide: 1 }),
  });
  for await (const run of runs) {
    const { verdict, errors } = check ? checked(run) : await stored(root, run);
    print(runLine(run, nameWidth(files), verdict));
    problems.push(...errors);
  }
  if (problems.length > 0) printError(`\n${new NotebookErrors(problems).message}`);
  return problems.length > 0 ? 1 : 0;
});

interface Verdict {
  verdict: string;
  errors: readonly NotebookError[];
}

function checked(run: FinishedRun): Verdict {
  const errors = checkRun(run);
  if (run.failures.length > 0) return { verdict: "FAILED", errors };
  return { verdict: errors.length > 0 ? "DIFFERS" : "as stored", errors };
}

async function stored(root: string, run: FinishedRun): Promise<Verdict> {
  if (run.failures.length > 0) return { verdict: "FAILED, not stored", errors: run.failures };
  try {
    const written = await storeOutputs(root, run);
    return { verdict: written ? "stored" : "unchanged", errors: [] };
  } catch (error) {
    const errors = notebookErrorsIn(error);
    if (!errors) throw error;
    return { verdict: "not stored", errors };
  }
}

/** labPort says so itself when a port is taken. */
async function labPortsAreFree(): Promise<boolean> {
  for (const port of Object.values(LAB_PORTS)) {
    if ((await labPort(port)) === port) continue;
    printError(`Stored outputs should show port ${port}: stop what uses it, and run this again.`);
    return false;
  }
  return true;
}
