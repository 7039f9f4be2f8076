// The smallest Apache configuration that Part 4 needs: one folder, served on one port.
// Directives: https://httpd.apache.org/docs/2.4/mod/directives.html

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Apache } from "./find-apache";

// An idle connection is kept this long; Part 4 waits for it once.
export const KEEP_ALIVE_SECONDS = 5;

// How Apache runs requests: exactly one of these has to be there.
const PROCESSING_MODULES = ["mpm_event", "mpm_worker", "mpm_prefork"];
const MODULES = ["unixd", "authz_core", "dir", "mime", "include"];

function loadModule(apache: Apache, name: string): string[] {
  if (apache.compiledIn.includes(name.startsWith("mpm_") ? `${name.slice(4)}.c` : `mod_${name}.c`))
    return [];
  return [`LoadModule ${name}_module "${join(apache.modules, `mod_${name}.so`)}"`];
}

function processingModule(apache: Apache): string[] {
  const builtIn = PROCESSING_MODULES.some((m) => apache.compiledIn.includes(`${m.slice(4)}.c`));
  const name = PROCESSING_MODULES.find((m) => existsSync(join(apache.modules, `mod_${m}.so`)));
  return builtIn || name === undefined ? [] : loadModule(apache, name);
}

/** Started as root, Apache answers requests as a user who owns nothing. */
function unprivilegedUser(): string[] {
  if (process.getuid?.() !== 0) return [];
  const group = execFileSync("id", ["-g", "nobody"], { encoding: "utf8" }).trim();
  return ["User nobody", `Group "#${group}"`];
}

/** The configuration for serving `folder/www` at `host:port`, with all of Apache's files in `folder`. */
export function configuration(apache: Apache, folder: string, host: string, port: number): string {
  return [
    `ServerRoot "${folder}"`,
    `DefaultRuntimeDir "${folder}"`,
    `PidFile "${join(folder, "pid")}"`,
    `ErrorLog "${join(folder, "log")}"`,
    `Listen ${host}:${port}`,
    `ServerName ${host}`,
    "ServerTokens Prod",
    `KeepAliveTimeout ${KEEP_ALIVE_SECONDS}`,
    ...processingModule(apache),
    ...MODULES.flatMap((name) => loadModule(apache, name)),
    ...unprivilegedUser(),
    "Mutex pthread",
    "TypesConfig /dev/null",
    "AddType text/html .html .shtml",
    "AddType text/plain .txt",
    "AddOutputFilter INCLUDES .shtml",
    `DocumentRoot "${join(folder, "www")}"`,
    `<Directory "${join(folder, "www")}">`,
    "  Options +Includes",
    "</Directory>",
    "DirectoryIndex index.html",
    "",
  ].join("\n");
}
