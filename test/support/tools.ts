/** Tests that need a tool which this machine may lack. */
import { access, constants } from "node:fs/promises";
import path from "node:path";
import type { TestContext } from "vitest";

/**
 * Skips the test, with the reason on the screen, when `command` is not on PATH. In continuous integration
 * (env CI set) the tool has to be there: the test fails instead.
 *
 * @param howToInstall what a person types to get it, such as `sudo apt-get install netcat-openbsd`
 */
export async function requireTool(
  ctx: TestContext,
  command: string,
  howToInstall: string,
): Promise<void> {
  if (await isOnPath(command)) return;
  const reason = `needs ${command}, which is not installed: ${howToInstall}`;
  if (process.env.CI) throw new Error(`${ctx.task.name}: ${reason}`);
  ctx.skip(reason);
}

/** Whether a command of this name can be run. */
export async function isOnPath(command: string): Promise<boolean> {
  const folders = (process.env.PATH ?? "").split(path.delimiter).filter(Boolean);
  const endings = process.platform === "win32" ? [".exe", ".cmd", ".bat"] : [""];
  const files = folders.flatMap((folder) =>
    endings.map((ending) => path.join(folder, command + ending)),
  );
  const found = await Promise.all(
    files.map((file) =>
      access(file, constants.X_OK).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.includes(true);
}
