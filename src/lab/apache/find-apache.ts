// Finds the Apache web server on this machine: the program and the folder of its modules.

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ADMIN_FOLDERS, findProgram, pathFolders } from "../find-program";

/** An installed Apache. `compiledIn` names the modules that need no loading (`mod_dir.c`). */
export interface Apache {
  readonly program: string;
  readonly modules: string;
  readonly compiledIn: string;
}

// Debian calls it apache2; the project itself, Fedora and macOS call it httpd.
const PROGRAMS = ["apache2", "httpd"];

const MODULE_FOLDERS = [
  "/usr/lib/apache2/modules", // Debian, Ubuntu
  "/usr/lib64/httpd/modules", // Fedora
  "/usr/lib/httpd/modules", // Arch, 32-bit Fedora
  "/usr/libexec/apache2", // macOS
  "/opt/homebrew/lib/httpd/modules", // Homebrew on Apple silicon
  "/usr/local/lib/httpd/modules", // Homebrew on Intel
];

const LIST_LIMIT_MS = 5_000;

/** The Apache of this machine, or undefined. Looks on PATH, then where it usually is. */
export function findApache(
  folders: readonly string[] = [...pathFolders(), ...ADMIN_FOLDERS],
): Apache | undefined {
  const modules = MODULE_FOLDERS.find((folder) => existsSync(join(folder, "mod_mime.so")));
  const program = findProgram(PROGRAMS, folders);
  if (process.platform === "win32" || modules === undefined || program === undefined) {
    return undefined;
  }
  const compiledIn = execFileSync(program, ["-l"], { encoding: "utf8", timeout: LIST_LIMIT_MS });
  return { program, modules, compiledIn };
}
