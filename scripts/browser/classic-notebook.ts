/** The classic notebook, Jupyter Notebook 6: Debian has it as a package. */
import { spawnSync } from "node:child_process";
import { findProgram, pathFolders } from "../../src/lab/find-program";

export const CLASSIC_NOTEBOOK = {
  debianPackage: "jupyter-notebook",
  howToGet:
    "This test needs the classic notebook (Jupyter Notebook 6): sudo apt-get install jupyter-notebook",
};
/** Debian's first: a later version may stand before it on PATH. */
const FOLDERS = ["/usr/bin", ...pathFolders()];

/** The first `jupyter-notebook` of version 6, or undefined. */
export function findClassicNotebook(): string | undefined {
  return FOLDERS.flatMap((folder) => findProgram(["jupyter-notebook"], [folder]) ?? []).find(
    (command) => {
      const { stdout } = spawnSync(command, ["--version"], { encoding: "utf8" });
      return /^6\./.test(stdout ?? "");
    },
  );
}
