/**
 * A virtual environment of this project, and the pinned packages in it. The installation goes on where it
 * was stopped: by Ctrl+C, by a network that went away, or by a power cut.
 */
import { spawn, spawnSync } from "node:child_process";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { findPython } from "./find-python";
import { JupyterError } from "./jupyter-error";
import { type Pin, pinnedName, readRequirements } from "./requirements";

/** Packages that pip installs in one run: what a stop loses, and how long the progress stands still. */
const BATCH_PACKAGES = 8;
/** The end of what a command wrote, to explain why it failed. */
const MAX_SAID_LINES = 3;

export interface Installation {
  /** Of the virtual environment. */
  readonly folder: string;
  /** The list of packages, in pip's format. */
  readonly requirements: string;
  readonly env: NodeJS.ProcessEnv;
  readonly batchPackages?: number;
  /** Stops the installation when it aborts. */
  readonly signal?: AbortSignal;
  /** Told what is being done. */
  readonly onStep?: (step: string) => void;
  /** Told how many packages are there, of how many. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** The folder of an environment's commands. */
export function commandsFolder(folder: string): string {
  return path.join(folder, process.platform === "win32" ? "Scripts" : "bin");
}

/** Whether every package of the list is there, and the Python that they were installed for. */
export function isInstalled(folder: string, requirements: string): boolean {
  const there = installedLines(folder);
  return readRequirements(requirements).every(({ line }) => there?.has(line));
}

/**
 * Installs what is missing of a list. An environment with other versions, or that was moved, or whose
 * Python has gone, is made anew.
 * @throws JupyterError that says what is missing: Python, its venv module, or the package index
 * @throws the signal's reason when it aborts; what was installed stays
 */
export async function install(installation: Installation): Promise<void> {
  const { folder, requirements, onStep, onProgress } = installation;
  const pins = readRequirements(requirements);
  let there = installedLines(folder);
  if (!there || conflict(there, pins)) {
    const python = findPython(installation.env);
    onStep?.(`Making a Python environment in ${path.relative(process.cwd(), folder)}`);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(path.dirname(folder), { recursive: true });
    await run(python, ["-m", "venv", folder], installation, venvAdvice);
    writeFileSync(stateFile(folder), `${identity(folder)}\n`);
    there = new Set();
  }
  const packages = there;
  const missing = pins.filter(({ line }) => !packages.has(line));
  if (missing.length === 0) return;
  const had = pins.length - missing.length;
  const size = installation.batchPackages ?? BATCH_PACKAGES;
  onStep?.(
    had > 0
      ? `Installing the other ${missing.length} of ${pins.length} Python packages`
      : `Installing ${pins.length} Python packages`,
  );
  onProgress?.(had, pins.length);
  for (let at = 0; at < missing.length; at += size) {
    const batch = missing.slice(at, at + size).map(({ line }) => line);
    // What a stopped run left half-written is not to be taken for a package: write over it.
    await pip(["--no-deps", "--ignore-installed", ...batch], installation);
    appendFileSync(stateFile(folder), batch.map((line) => `${line}\n`).join(""));
    onProgress?.(had + Math.min(at + size, missing.length), pins.length);
  }
  // Adds what this system alone needs, and is no more than a check elsewhere.
  await pip(["--requirement", requirements], installation);
}

function pip(args: readonly string[], installation: Installation): Promise<void> {
  const python = path.join(commandsFolder(installation.folder), "python");
  const options = ["--quiet", "--no-input", "--no-compile", "--progress-bar", "off"];
  return run(python, ["-m", "pip", "install", ...options, ...args], installation, indexAdvice);
}

function venvAdvice(said: string): string {
  return `Python could not make a virtual environment (its venv module may be missing; Debian: sudo apt-get install python3-venv): ${said}`;
}

function indexAdvice(said: string): string {
  return `The packages could not be installed; is the Python package index reachable? ${said}`;
}

async function run(
  command: string,
  args: readonly string[],
  { env, folder, signal }: Installation,
  advice: (said: string) => string,
): Promise<void> {
  signal?.throwIfAborted();
  const child = spawn(command, args, {
    env: {
      PIP_RETRIES: "2",
      ...env,
      PIP_CACHE_DIR: path.join(path.dirname(folder), "pip-cache"), // not in the user's home
      PIP_DISABLE_PIP_VERSION_CHECK: "1",
      PIP_USER: "0",
      RUSTUP_HOME: path.join(path.dirname(folder), "rustup"), // pip asks for the version of rustc, and rustup notes that
      PYTHONHOME: undefined,
      PYTHONPATH: undefined,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const stop = () => child.kill();
  signal?.addEventListener("abort", stop);
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
  }
  const status = await new Promise<number | null>((resolve) => {
    child.once("error", ({ message }) => {
      said += message;
      resolve(null);
    });
    child.once("close", resolve);
  });
  signal?.removeEventListener("abort", stop);
  signal?.throwIfAborted();
  if (status !== 0) throw new JupyterError(advice(lastLines(said)));
}

function lastLines(said: string): string {
  const lines = said.split("\n").map((line) => line.trim());
  const errors = lines.filter((line) => /^ERROR:/.test(line));
  return (errors.length > 0 ? errors : lines.filter(Boolean)).slice(-MAX_SAID_LINES).join("\n");
}

/** First the environment's identity, then a line for each package that is installed whole. */
function stateFile(folder: string): string {
  return path.join(folder, "installed.txt");
}

/** The lines of the packages that are there; undefined when the environment cannot be used as it is. */
function installedLines(folder: string): ReadonlySet<string> | undefined {
  if (!existsSync(stateFile(folder))) return undefined;
  const [first, ...lines] = readFileSync(stateFile(folder), "utf8").trimEnd().split("\n");
  return first === identity(folder) ? new Set(lines) : undefined;
}

/** Changes when the environment was moved, or its Python is another. */
function identity(folder: string): string {
  const python = path.join(commandsFolder(folder), "python");
  const code = "import sys; print('#', *sys.version_info[:2], sys.prefix)";
  const { stdout } = spawnSync(python, ["-c", code], { encoding: "utf8" });
  return `${stdout?.trim() ?? ""} in ${folder}`;
}

/** Whether one of the packages is there in another version than the list wants. */
function conflict(there: ReadonlySet<string>, pins: readonly Pin[]): boolean {
  const wanted = new Map(pins.map(({ name, line }) => [name, line]));
  return [...there].some((line) => (wanted.get(pinnedName(line) ?? "") ?? line) !== line);
}
