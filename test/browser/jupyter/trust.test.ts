/** Which notebooks JupyterLab trusts: their stored scripts run when they are opened. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { PYTHON_TOOLS } from "../../../scripts/python-tools";
import { atEndOfFile } from "../../support/end-of-file";
import { REPOSITORY } from "../../tools/commands/support";

const CONFIG = "src/tools/jupyter/config/jupyter_server_config.py";
/** Reads the configuration as Jupyter does, then prints whether each notebook is trusted. */
const READ_CONFIG = `
import json, sys
from pathlib import Path
from nbformat import NO_CONVERT, read
from nbformat.sign import NotebookNotary
from traitlets.config import Config
lab = Path(sys.argv[1])
file = lab / "${CONFIG}"
exec(compile(file.read_text(), file, "exec"), {"__file__": str(file), "get_config": Config})
notary = NotebookNotary()
found = sorted(lab.glob("[np]*/*.ipynb"))
print(json.dumps({f"{f.parent.name}/{f.name}": notary.check_signature(read(f, as_version=NO_CONVERT)) for f in found}))
`;

function notebook(text: string): string {
  const output = { output_type: "display_data", data: { "text/html": text }, metadata: {} };
  const cell = { cell_type: "code", id: "one", source: [], metadata: {}, execution_count: null };
  const cells = [{ ...cell, outputs: [output] }];
  return JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 });
}

function labWith(notebooks: Record<string, string>): string {
  const lab = mkdtempSync(path.join(tmpdir(), "socket-lab-trust-"));
  atEndOfFile(() => rmSync(lab, { recursive: true, force: true }));
  cpSync(path.join(REPOSITORY, CONFIG), path.join(lab, CONFIG), { recursive: true });
  for (const [name, content] of Object.entries(notebooks)) {
    mkdirSync(path.join(lab, path.dirname(name)), { recursive: true });
    writeFileSync(path.join(lab, name), content);
  }
  return lab;
}

function trusted(lab: string, env: NodeJS.ProcessEnv = {}): Record<string, boolean> {
  const data = mkdtempSync(path.join(tmpdir(), "socket-lab-trust-data-"));
  atEndOfFile(() => rmSync(data, { recursive: true, force: true }));
  const python = path.join(PYTHON_TOOLS, "python");
  const printed = execFileSync(python, ["-c", READ_CONFIG, lab], {
    encoding: "utf8",
    env: { PATH: process.env.PATH, HOME: data, JUPYTER_DATA_DIR: data, ...env },
  });
  return JSON.parse(printed);
}

const SCRIPT = notebook("<script>alert(1)</script>");

test("a notebook is trusted only as it came with the lab: nobody else's is, wherever it lies", () => {
  const lab = labWith({
    "notebooks/01-own.ipynb": notebook("a"),
    "notebooks/02-own.ipynb": notebook("b"),
  });
  const git = (...args: string[]) =>
    execFileSync("git", ["-C", lab, "-c", "user.name=t", "-c", "user.email=t@t", ...args]);
  git("init", "--quiet");
  git("add", "notebooks");
  git("commit", "--quiet", "-m", "as it came");
  for (const name of [
    "notebooks/02-own.ipynb",
    "notebooks/03-classmate.ipynb",
    "practice/01-own.ipynb",
  ]) {
    mkdirSync(path.join(lab, path.dirname(name)), { recursive: true });
    writeFileSync(path.join(lab, name), SCRIPT);
  }
  expect(trusted(lab)).toEqual({
    "notebooks/01-own.ipynb": true,
    "notebooks/02-own.ipynb": false,
    "notebooks/03-classmate.ipynb": false,
    "practice/01-own.ipynb": false,
  });
});

test("a learner of a class trusts what the shared lab has", () => {
  const shared = labWith({ "notebooks/01-own.ipynb": notebook("a") });
  const lab = labWith({
    "notebooks/01-own.ipynb": notebook("a"),
    "notebooks/02-new.ipynb": SCRIPT,
  });
  expect(trusted(lab, { SOCKET_LAB_SHIPPED: shared })).toEqual({
    "notebooks/01-own.ipynb": true,
    "notebooks/02-new.ipynb": false,
  });
});

test("without git nothing is trusted by itself", () => {
  expect(trusted(labWith({ "notebooks/01-own.ipynb": SCRIPT }))).toEqual({
    "notebooks/01-own.ipynb": false,
  });
});
