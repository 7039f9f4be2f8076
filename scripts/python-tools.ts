/** `npm run dev -- python-tools`: installs what the tests need of Jupyter into .lab/venv, beside JupyterLab. */
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { print, printError } from "../src/program/print";
import { jupyterFolders } from "../src/tools/jupyter/folders";
import { JupyterError } from "../src/tools/jupyter/jupyter-error";
import { commandsFolder, install, isInstalled } from "../src/tools/jupyter/python-environment";

const REPOSITORY = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const VENV = jupyterFolders(REPOSITORY).venv;
const REQUIREMENTS = path.join(REPOSITORY, "test", "browser", "requirements.txt");

/** The command to install the tools, as a person types it. */
export const HOW_TO_INSTALL = "npm run dev -- python-tools";

/** The folder with `python`, `jupyter-lab` and the rest, once they are installed. */
export const PYTHON_TOOLS = commandsFolder(VENV);

/** That folder, or undefined while the tools are not installed. */
export function pythonTools(): string | undefined {
  return isInstalled(VENV, REQUIREMENTS) ? PYTHON_TOOLS : undefined;
}

/**
 * Installs the tools unless they are there.
 * @throws JupyterError that says what is missing: Python, its venv module, or the package index
 */
export async function installPythonTools(): Promise<void> {
  await install({
    folder: VENV,
    requirements: REQUIREMENTS,
    env: process.env,
    onStep: print,
    onProgress: (done, total) => print(`${done} of ${total}`),
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  try {
    await installPythonTools();
    print(`Jupyter's tools are in ${path.relative(process.cwd(), PYTHON_TOOLS)}`);
  } catch (error) {
    if (!(error instanceof JupyterError)) throw error;
    printError(error.message);
    process.exitCode = 1;
  }
}
