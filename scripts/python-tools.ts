// npm run python-tools: installs Jupyter's own test tools into .lab/venv.
// Quick when that is done already. Nothing outside the repository is changed.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const REPOSITORY = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const REQUIREMENTS = path.join(REPOSITORY, "test", "kernel", "requirements.txt");
const VENV = path.join(REPOSITORY, ".lab", "venv");
/** Written when everything is installed; holds what was. */
const STAMP = path.join(VENV, "installed");
const BIN = path.join(VENV, process.platform === "win32" ? "Scripts" : "bin");

/** The command to install the tools, as a person types it. */
export const HOW_TO_INSTALL = "npm run python-tools";

/** The folder with `python` and `jupyter`, or undefined when the tools are not installed. */
export function pythonTools(): string | undefined {
  return existsSync(STAMP) && readFileSync(STAMP, "utf8") === fingerprint() ? BIN : undefined;
}

/**
 * Installs the tools unless they are there.
 * @returns the folder with `python` and `jupyter`.
 * @throws Error that says what is missing: Python, its venv module, or the package index.
 */
export function installPythonTools(): string {
  const installed = pythonTools();
  if (installed) return installed;
  rmSync(VENV, { recursive: true, force: true });
  mkdirSync(path.dirname(VENV), { recursive: true });
  run(
    process.platform === "win32" ? "python" : "python3",
    ["-m", "venv", VENV],
    "Python 3 with its venv module is needed (Debian: sudo apt-get install python3-venv)",
  );
  run(
    path.join(BIN, "python"),
    ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", REQUIREMENTS],
    "the packages could not be installed: is the Python package index reachable?",
  );
  writeFileSync(STAMP, fingerprint());
  return BIN;
}

function fingerprint(): string {
  return createHash("sha256").update(readFileSync(REQUIREMENTS)).digest("hex");
}

function run(command: string, args: string[], advice: string): void {
  const { status, error, stderr } = spawnSync(command, args, { encoding: "utf8" });
  if (status === 0) return;
  const said = error?.message ?? stderr.trim().split("\n").slice(-3).join("\n");
  throw new Error(`${advice}\n${command}: ${said}`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  try {
    console.log(`Jupyter's tools are in ${path.relative(process.cwd(), installPythonTools())}`);
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}
