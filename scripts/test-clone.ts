/**
 * `npm run dev -- test-clone`: does in a clean clone, as somebody who is not root, what dev containers, Binder and
 * VS Code would do there with the commands of their configuration. Docker is not needed.
 */

import { spawnSync } from "node:child_process";
import { chownSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { print, printError } from "../src/program/print";
import { HOW_TO_INSTALL, pythonTools } from "./python-tools";
import { REPOSITORY, readJsonc } from "./workspace/jsonc";
import { type Launch, tasks } from "./workspace/tasks";

/** The user of the dev container's image, and of Binder's. */
const USER_ID = 1000;
/** What `.ci/run` runs in the repository itself, and takes long. */
const RUN_ELSEWHERE = ["npm test", "npm run notebooks -- --check"];
const COMMAND_MAX_MS = 10 * 60_000;

/** Who runs the commands: not root, unless Node is where only root may go. */
const user = process.getuid?.() === 0 && mayRunNode() ? { uid: USER_ID, gid: USER_ID } : {};

const folder = mkdtempSync(path.join(tmpdir(), "socket-lab-clone-"));
const clone = path.join(folder, "socket lab"); // a space in a path is not unusual
const home = path.join(folder, "home");
let failed = false;

try {
  prepare();
  await asDevContainer();
  await asVscode();
  asBinder();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failed ? 1 : 0;

function prepare(): void {
  mkdirSync(home);
  run("git", ["clone", "--quiet", "--no-hardlinks", REPOSITORY, clone], { cwd: folder });
  report(`commands run as user ${user.uid ?? process.getuid?.() ?? ""}`, true, "");
  if (user.uid === undefined) return;
  for (const name of [".", ...readdirSync(folder, { recursive: true, encoding: "utf8" })]) {
    chownSync(path.join(folder, name), user.uid, user.gid);
  }
}

async function asDevContainer(): Promise<void> {
  const { postCreateCommand } = await readJsonc<{ postCreateCommand: string }>(
    ".devcontainer/devcontainer.json",
  );
  shell(postCreateCommand);
  shell("npm run setup -- --check");
  const left = readdirSync(home).filter((name) => name !== ".npm");
  report("the home folder is untouched", left.length === 0, left.join(" "));
  shell("npm run setup -- --undo");
  const changes = spawnSync("git", ["-C", clone, "-c", "safe.directory=*", "status", "--short"]);
  report("the clone is as it was", String(changes.stdout) === "", String(changes.stdout));
}

async function asVscode(): Promise<void> {
  for (const { command } of await tasks()) {
    if (!RUN_ELSEWHERE.includes(command)) shell(command);
  }
  const { inputs } = await readJsonc<Launch>(".vscode/launch.json");
  for (const name of inputs.flatMap(({ options = [] }) => options)) {
    shell(`node dist/${name}.mjs --help`);
  }
}

/** Binder's image has Jupyter; here it is that of `npm run dev -- python-tools`. */
function asBinder(): void {
  shell("npm run setup -- --undo");
  shell("binder/postBuild");
  const tools = pythonTools();
  if (tools === undefined) {
    report("jupyter", false, `needs Jupyter's Python packages: ${HOW_TO_INSTALL}`);
    return;
  }
  const jupyter = path.join(tools, "jupyter");
  const execute = ["nbconvert", "--to", "notebook", "--execute", "--output-dir", home];
  const part = path.join(clone, "notebooks/01-what-is-a-socket.ipynb");
  run(path.join(clone, "binder/start"), [jupyter, ...execute, part], { cwd: folder });
}

function shell(command: string): void {
  run("/bin/sh", ["-c", command], { cwd: clone, ...user }, command);
}

function mayRunNode(): boolean {
  const options = { cwd: "/", uid: USER_ID, gid: USER_ID };
  return spawnSync(process.execPath, ["--version"], options).status === 0;
}

function run(
  file: string,
  args: readonly string[],
  options: { cwd: string; uid?: number; gid?: number },
  shown = [path.basename(file), ...args].join(" "),
): void {
  const { status, error, stdout, stderr } = spawnSync(file, args, {
    ...options,
    // As in a fresh container: nothing of this command's own npm or Jupyter.
    env: { PATH: process.env.PATH, HOME: home, TMPDIR: tmpdir(), SOCKET_LAB_PORTS: "system" },
    encoding: "utf8",
    timeout: COMMAND_MAX_MS,
  });
  report(shown, status === 0, error?.message ?? `${stdout}${stderr}`);
}

function report(what: string, ok: boolean, detail: string): void {
  print(`${ok ? "ok    " : "FAILED"}  ${what}`);
  if (ok) return;
  failed = true;
  printError(detail);
}
