/** Finds a Python that JupyterLab can be installed for. */
import { spawnSync } from "node:child_process";
import { findProgram, pathFolders } from "../../lab/find-program";
import { JupyterError } from "./jupyter-error";

/** As in requirements.txt. */
const OLDEST_PYTHON = [3, 10] as const;
/** The usual name first; then those that stand beside an older one. */
const NAMES = ["python3", "python", ...[14, 13, 12, 11, 10].map((minor) => `python3.${minor}`)];

/**
 * The first Python of 3.10 or later on PATH.
 * @throws JupyterError that names those which are too old, if any
 */
export function findPython(env: NodeJS.ProcessEnv): string {
  const old: string[] = [];
  for (const name of NAMES) {
    const file = findProgram([name], pathFolders(env.PATH));
    const version = file && pythonVersion(file);
    if (!version) continue;
    const [major, minor] = version;
    if (major === OLDEST_PYTHON[0] && minor >= OLDEST_PYTHON[1]) return file;
    old.push(`${file} is ${major}.${minor}`);
  }
  const found = old.length > 0 ? ` (${old.join(", ")})` : "";
  throw new JupyterError(
    `JupyterLab needs Python ${OLDEST_PYTHON.join(".")} or later, and there is none on PATH${found}: ` +
      "see https://www.python.org/downloads/, or on Debian: sudo apt-get install python3-venv",
  );
}

/** Undefined for what is no working Python, such as a shim that leads nowhere. */
function pythonVersion(file: string): [major: number, minor: number] | undefined {
  const args = ["-c", "import sys; print(*sys.version_info[:2])"];
  const { stdout } = spawnSync(file, args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [, major, minor] = /^(\d+) (\d+)\s*$/.exec(stdout ?? "") ?? [];
  return major === undefined ? undefined : [Number(major), Number(minor)];
}
