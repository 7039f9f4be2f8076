/** `npm run jupyter` where it cannot go on: bad arguments, and a machine without Python. */
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { KERNEL_CHILD_DEADLINE_MS } from "../../support/child";
import { runHere } from "../commands/in-process";
import { REPOSITORY, startCommand } from "../commands/support";

test(
  "refuses an unknown option, a port that is none, and a part that does not exist",
  async () => {
    const cases: [args: string[], status: number, said: RegExp][] = [
      [["--colour"], 2, /^Unknown option '--colour'\. Help: npm run jupyter -- --help$/m],
      [["--port", "70000"], 2, /--port must be a whole number from 0 to 65535, not "70000"/],
      [["practice/99"], 1, /^practice\/99: there is no such copy; `npm run challenge` lists/],
      [["99"], 1, /^99: no part has this name; there are: 00-start-here, /],
    ];
    for (const [args, status, said] of cases) {
      const end = await runHere(REPOSITORY, "jupyter", ...args);
      expect({ args, status: end.status }).toEqual({ args, status });
      expect(end.stderr).toMatch(said);
    }
  },
  KERNEL_CHILD_DEADLINE_MS,
);

test(
  "names the other ways in where there is no Python",
  async () => {
    const root = mkdtempSync(path.join(tmpdir(), "socket-lab-bare-"));
    onTestFinished(() => rmSync(root, { recursive: true, force: true }));
    for (const name of ["notebooks", "src"]) {
      symlinkSync(path.join(REPOSITORY, name), path.join(root, name));
    }
    const env = { PATH: path.join(root, "nothing") };
    const { status, stdout, stderr } = await startCommand("jupyter", [], { cwd: root, env }).end(
      KERNEL_CHILD_DEADLINE_MS,
    );
    expect(stdout).toContain("There is no JupyterLab on PATH");
    expect(stderr).toContain("JupyterLab needs Python 3.10 or later, and there is none on PATH");
    expect(stderr).toContain("npm start   steps through the lab in this terminal, on Node alone");
    expect(stderr).toContain("VS Code");
    expect(stderr).not.toContain("    at ");
    expect(status).toBe(1);
  },
  KERNEL_CHILD_DEADLINE_MS,
);
