/** Jupyter's own commands, run as a person with an empty home directory would. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { PYTHON_TOOLS } from "../../../scripts/python-tools";
import { BRIEF_MEASUREMENTS, SYSTEM_PORTS } from "../../../src/tools/notebook/run-all";
import { type Child, startChild } from "../../support/child";
import { atEndOfFile } from "../../support/end-of-file";
import { REPOSITORY } from "../../tools/commands/support";

/** A folder for the test file: the home of its commands. */
export function emptyHome(): string {
  const home = mkdtempSync(path.join(tmpdir(), "socket-lab-home-"));
  atEndOfFile(() => rmSync(home, { recursive: true, force: true }));
  return home;
}

/** Starts one of Jupyter's commands where only the lab's kernels are known. */
export function startTool(
  command: string,
  args: readonly string[],
  { home, cwd = home }: { home: string; cwd?: string },
): Child {
  return startChild(path.isAbsolute(command) ? command : path.join(PYTHON_TOOLS, command), args, {
    cwd,
    env: {
      PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env.PATH}`,
      HOME: home,
      JUPYTER_PATH: path.join(REPOSITORY, ".jupyter"),
      PYTHONDONTWRITEBYTECODE: "1",
      ...SYSTEM_PORTS,
      ...BRIEF_MEASUREMENTS,
    },
  });
}
