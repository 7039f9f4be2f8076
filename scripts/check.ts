/** `npm run check`: judges a learner's copy of a part, or a server in any language. */

import path from "node:path";
import { clearScreen, print } from "../src/program/print";
import { runCommand } from "../src/tools/notebook/command";
import { headingLine, runCheck } from "../src/tools/practice/check-command";
import { readCheckRequest } from "../src/tools/practice/check-request";
import { checkOnSave } from "../src/tools/practice/copies/check-on-save";
import { JUDGES } from "../src/tools/practice/judges/all";
import { INTERRUPTED_STATUS } from "../src/tools/stepper/endings";
import { terminalStyles } from "../src/tools/terminal/terminal-styles";

const HELP = `Usage: npm run check -- PART [--hint] [--further] [--watch]
                             [--server HOST:PORT] [--command "COMMAND"]

Judges your copy of a part, step by step up to the first that fails (npm run challenge makes the copy):
  npm run check -- 06                          your copy of Part 6; also 6, http-server
  npm run check -- 06 --hint                   one more hint for the step that fails
  npm run check -- 06 --watch                  again whenever you save it
  npm run check -- 06 --further                also what goes beyond the part
  npm run check -- 06 --server 127.0.0.1:9000  a server of yours that runs there, in any language
  npm run check -- 08 --command "python3 scanner.py"   a scanner of yours, in any language

Parts:
${JUDGES.map(({ part, kind, task }) => `  ${part}  ${kind}: ${task}`).join("\n")}

Exit status: 0 all steps passed, 1 one failed, 2 bad usage.`;

const shape = {
  help: HELP,
  positionals: "any",
  flags: ["hint", "further", "watch"],
  values: ["server", "command"],
} as const;

await runCommand(shape, async (args) => {
  const root = process.cwd();
  const request = await readCheckRequest(root, args);
  const interrupted = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"]) process.once(name, () => interrupted.abort());
  const { signal } = interrupted;
  const styles = terminalStyles();
  const { isTTY, columns } = process.stdout;
  const output = { print, styles, ...(isTTY && { columns }) };
  try {
    const heading = `${headingLine(request, styles)}\n`;
    if (!args.flags.has("watch")) {
      output.print(heading);
      return (await runCheck(root, { ...request, signal }, output)).passed ? 0 : 1;
    }
    const { copy } = request.practice;
    let { hint = false } = request;
    await checkOnSave(path.join(root, copy), signal, async (own) => {
      clearScreen();
      output.print(heading);
      await runCheck(root, { ...request, hint, signal: own }, output);
      hint = false;
      output.print(styles.muted(`\nWaiting for ${copy} to be saved. Ctrl+C leaves.`));
    });
    return INTERRUPTED_STATUS;
  } catch (error) {
    if (!signal.aborted) throw error;
    return INTERRUPTED_STATUS;
  } finally {
    await (await import("esbuild")).stop();
  }
});
