/** One JupyterLab for all tests, started by `npm run jupyter` in a copy of the lab, for somebody whose home is empty. */
import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TestProject } from "vitest/node";
import { copyLab } from "../../../scripts/lab-copy";
import { PYTHON_TOOLS } from "../../../scripts/python-tools";
import { BRIEF_MEASUREMENTS, SYSTEM_PORTS } from "../../../src/tools/notebook/run-all";
import { Child } from "../../support/child";
import { commandLine, REPOSITORY } from "../../tools/commands/support";

const LOG = path.join(".lab", "jupyter", "jupyterlab.log");
const START_MAX_MS = 60_000;
const END_MAX_MS = 20_000;

export interface TestedLab {
  /** The copy of the lab that JupyterLab shows. */
  readonly root: string;
  /** `http://127.0.0.1:43210/` */
  readonly url: string;
  readonly token: string;
  /** The home of whoever runs it, empty at first. */
  readonly home: string;
}

declare module "vitest" {
  export interface ProvidedContext {
    jupyter: TestedLab;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const copy = copyLab(REPOSITORY);
  const home = mkdtempSync(path.join(tmpdir(), "socket-lab-home-"));
  const child = new Child(
    spawn(process.execPath, commandLine("jupyter", ["--port", "0"]), {
      cwd: copy.root,
      env: {
        PATH: [PYTHON_TOOLS, process.env.PATH].join(path.delimiter),
        HOME: home,
        SOCKET_LAB_SHIPPED: REPOSITORY, // the copy is no clone: what came with the lab is told apart by this
        ...SYSTEM_PORTS,
        ...BRIEF_MEASUREMENTS,
      },
      stdio: "pipe",
    }),
  );
  const [, url, token] = await child.until(
    () => /(http:\/\/127\.0\.0\.1:\d+\/)\S*token=(\w+)/.exec(child.stdout) ?? undefined,
    "its address",
    START_MAX_MS,
  );
  project.provide("jupyter", { root: copy.root, url: url ?? "", token: token ?? "", home });
  return async () => {
    child.kill("SIGINT");
    await child.end(END_MAX_MS);
    // For whoever looks into a failure.
    cpSync(path.join(copy.root, LOG), path.join(REPOSITORY, ".lab", "jupyterlab-in-tests.log"));
    copy.remove();
    rmSync(home, { recursive: true, force: true });
  };
}
