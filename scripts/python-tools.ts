/** `npm run dev -- python-tools`: installs what the tests need of Jupyter into .lab/venv, beside JupyterLab. */
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { print } from "../src/program/print";
import { jupyterFolders } from "../src/tools/jupyter/folders";
import { commandsFolder, install, isInstalled } from "../src/tools/jupyter/python-environment";
import { runCommand } from "../src/tools/notebook/command";

const REPOSITORY = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const VENV = jupyterFolders(REPOSITORY).venv;
const REQUIREMENTS = path.join(REPOSITORY, "test", "browser", "requirements.txt");

const HELP = `Usage: npm run dev -- python-tools

Installs what the tests need of Jupyter into .lab/venv, beside JupyterLab.`;

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
  await runCommand({ help: HELP, positionals: "none" }, async () => {
    await installPythonTools();
    print(`Jupyter's tools are in ${path.relative(process.cwd(), PYTHON_TOOLS)}`);
    return 0;
  });
}
