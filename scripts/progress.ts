/** `npm run progress`: the success criteria, each ticked by checks of the learner's own copies alone. */

import path from "node:path";
import { ProgramError, UsageError } from "../src/program/failures";
import { print } from "../src/program/print";
import { systemCode } from "../src/program/system-code";
import { runCommand } from "../src/tools/notebook/command";
import { PRACTICE_FOLDER } from "../src/tools/notebook/files";
import { verifyReport } from "../src/tools/practice/progress/report";
import { showProgress, writeReport } from "../src/tools/practice/progress-command";
import { terminalStyles } from "../src/tools/terminal/terminal-styles";

const REPORT = `${PRACTICE_FOLDER}/report.md`;
const HELP = `Usage: npm run progress [-- --report [--out FILE] | --verify FILE]

Shows the success criteria of the lab. Each is ticked by npm run check alone, when all steps of a part that
covers it have passed on your own copy:
  npm run progress
  npm run progress -- --report              writes ${REPORT}, to be signed
  npm run progress -- --report --out FILE   writes it elsewhere
  npm run progress -- --verify FILE         compares a report with the copies that are here`;

const shape = {
  help: HELP,
  positionals: "none",
  flags: ["report"],
  values: ["out", "verify"],
} as const;

await runCommand(shape, async ({ flags, values }) => {
  const root = process.cwd();
  const out = values.get("out");
  const verify = values.get("verify");
  const report = flags.has("report");
  if ((out !== undefined && !report) || (verify !== undefined && report)) {
    throw new UsageError("--out goes with --report, and --verify is used alone");
  }
  if (verify !== undefined) {
    const { lines, same } = await verifyReport(root, verify);
    for (const line of lines) print(line);
    return same ? 0 : 1;
  }
  if (!report) {
    await showProgress(root, { print, styles: terminalStyles() });
    return 0;
  }
  const file = out ?? REPORT;
  await writeReport(root, path.resolve(root, file), new Date()).catch((error: unknown) => {
    const code = systemCode(error);
    if (!code) throw error;
    throw new ProgramError(`${file} cannot be written (${code})`);
  });
  print(`${file} is written.`);
  return 0;
});
