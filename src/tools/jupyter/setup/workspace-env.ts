/** The `.env` at the root of the repository, which VS Code's Jupyter extension reads. */
import { readFile, rm } from "node:fs/promises";
import path from "node:path";
import { systemCode } from "../../../program/system-code";
import { writeFileAtomically } from "../../notebook/files";
import { jupyterPathIn, withFolder, withoutFolder } from "./env-file";
import { JUPYTER_FOLDER } from "./find-kernel";
import { type Machine, pathRules } from "./kernel-folders";
import { explained, SetupError } from "./setup-error";

const ENV_FILE = ".env";
const ADVICE = "Mend it, or run npm run setup -- --user, which needs no file here.";

/** The folder as the file names it. A backslash before "$" would be read as an escape. */
function jupyterFolder(root: string, machine: Machine): string {
  const folder = path.join(root, JUPYTER_FOLDER);
  return machine.platform === "win32" ? folder.replaceAll("\\", "/") : folder;
}

/**
 * Writes our folder into JUPYTER_PATH in `.env`; everything else in the file stays as it is.
 *
 * @throws {SetupError} the file cannot be read or written, or our path cannot stand in JUPYTER_PATH
 */
export async function addToEnv(
  root: string,
  machine: Machine,
): Promise<"written" | "there already"> {
  const folder = jupyterFolder(root, machine);
  const rules = pathRules(machine);
  const bad = [rules.delimiter, "\n", "\r"].find((one) => folder.includes(one));
  if (bad !== undefined) {
    throw new SetupError(
      `${folder}: a path with ${JSON.stringify(bad)} cannot stand in JUPYTER_PATH. ` +
        "Use npm run setup -- --user, or move the repository.",
    );
  }
  const inherited = (machine.env.JUPYTER_PATH ?? "").split(rules.delimiter).filter(Boolean);
  const inherits = inherited.some((one) => !rules.same(one, folder));
  const changed = await change(root, (text) => withFolder(text, folder, rules, { inherits }));
  return changed ? "written" : "there already";
}

/**
 * Takes our folder out of `.env`, and the file away when nothing else is in it.
 *
 * @returns whether it was there
 * @throws {SetupError} the file cannot be read or written
 */
export async function removeFromEnv(root: string, machine: Machine): Promise<boolean> {
  const folder = jupyterFolder(root, machine);
  return change(root, (text) => withoutFolder(text, folder, pathRules(machine)));
}

/** The folders that `.env` gives to VS Code instead of those of the environment, if it gives any. */
export async function foldersOfEnv(root: string, machine: Machine): Promise<string[] | undefined> {
  // Like VS Code, which goes on without a file that it cannot read.
  const text = await readFile(path.join(root, ENV_FILE), "utf8").catch(() => "");
  return jupyterPathIn(text, pathRules(machine), machine.env);
}

async function read(root: string): Promise<string | undefined> {
  return explained(ENV_FILE, ADVICE, async () => {
    const bytes = await readFile(path.join(root, ENV_FILE)).catch((error: unknown) => {
      if (systemCode(error) === "ENOENT") return undefined;
      throw error;
    });
    if (bytes === undefined) return undefined;
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      throw new SetupError(`${ENV_FILE}: it is not UTF-8 text. ${ADVICE}`);
    }
  });
}

async function change(root: string, edit: (text: string) => string): Promise<boolean> {
  const before = await read(root);
  const after = edit(before ?? "");
  if (after === (before ?? "")) return false;
  const file = path.join(root, ENV_FILE);
  await explained(ENV_FILE, ADVICE, () =>
    after === "" ? rm(file) : writeFileAtomically(file, after, { durable: true }),
  );
  return true;
}
