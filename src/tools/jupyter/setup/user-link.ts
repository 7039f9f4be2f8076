/** A link to our kernelspec in the user's own kernel folder, where every front end looks. */
import { lstat, mkdir, readlink, rm, symlink, unlink } from "node:fs/promises";
import path from "node:path";
import { KERNEL_NAME, leadsTo, ownKernelspec } from "./find-kernel";
import { type Machine, userDataFolder } from "./kernel-folders";
import { explained, SetupError } from "./setup-error";

const ADVICE = "Set JUPYTER_DATA_DIR to a folder of yours, or leave out --user.";

/** Where the link stands. */
export function userLink(machine: Machine): string {
  return path.join(userDataFolder(machine), "kernels", KERNEL_NAME);
}

/**
 * Makes the link. A link that leads nowhere, as when the repository was moved, is replaced.
 *
 * @returns what was done
 * @throws {SetupError} another kernel of our name is there, or the folder cannot be written
 */
export async function makeUserLink(
  root: string,
  machine: Machine,
): Promise<"made" | "there already"> {
  const link = userLink(machine);
  const target = ownKernelspec(root);
  return explained(link, ADVICE, async () => {
    if (leadsTo(link, target)) return "there already";
    const other = await whatIsThere(link);
    if (other !== undefined) {
      throw new SetupError(
        `${link}: another kernel of this name is there (${other}), and stays. ` +
          `If you no longer need it, remove it and run this again.`,
      );
    }
    await rm(link, { force: true });
    await mkdir(path.dirname(link), { recursive: true });
    // A copy would look for src/tools/kernel beside itself. Windows allows junctions to everybody.
    await symlink(target, link, machine.platform === "win32" ? "junction" : "dir");
    return "made";
  });
}

/**
 * Removes the link if it is ours.
 *
 * @returns whether it was there
 * @throws {SetupError} it cannot be removed
 */
export async function removeUserLink(root: string, machine: Machine): Promise<boolean> {
  const link = userLink(machine);
  return explained(link, "Remove it as the user who made it.", async () => {
    const isLink = (await lstat(link).catch(() => undefined))?.isSymbolicLink() === true;
    if (!isLink || !leadsTo(link, ownKernelspec(root))) return false;
    await unlink(link);
    return true;
  });
}

/** How to tell what bears our kernel's name; undefined when nothing does, or a link that leads nowhere. */
async function whatIsThere(link: string): Promise<string | undefined> {
  const found = await lstat(link).catch(() => undefined);
  if (!found?.isSymbolicLink()) return found && (found.isDirectory() ? "a folder" : "a file");
  const target = path.resolve(path.dirname(link), await readlink(link));
  const alive = await lstat(target).catch(() => undefined);
  return alive && `a link to ${target}`;
}
