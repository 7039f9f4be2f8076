// Starts an Apache of our own, in the foreground, from a folder that goes away with it. No root, no
// system service, no file outside that folder.

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { configuration } from "./configuration";
import type { Apache } from "./find-apache";
import { checkSite, SITE_DATE, type Site, type WebServer } from "./site";

const HOST = "127.0.0.1";
const START_LIMIT_MS = 10_000;
const POLL_MS = 10;
// Between our choosing a port and Apache's taking it, another program may take it.
const ATTEMPTS = 3;

// The shell becomes Apache. What it leaves behind waits for our end of the pipe to close, which
// happens too when our process is killed, and then ends Apache and clears up. A SIGTERM to all of
// our children ends the waiting (cat) and not the clearing up.
const RUN = `
  folder=$1; shift
  exec 3<&0
  { trap : TERM; cat <&3; kill -TERM $$; while kill -0 $$; do sleep 0.05; done; rm -rf "$folder"; } >/dev/null 2>&1 &
  exec 3<&-
  exec "$@" </dev/null`;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(0, HOST, resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function writeSite(folder: string, site: Site): Promise<void> {
  await mkdir(join(folder, "www"));
  for (const [name, text] of Object.entries(site)) {
    const file = join(folder, "www", name);
    await writeFile(file, text);
    await chmod(file, 0o644);
    await utimes(file, SITE_DATE, SITE_DATE);
  }
  // Started as root, Apache reads the site as another user.
  await chmod(folder, 0o755);
  await chmod(join(folder, "www"), 0o755);
}

function ended(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function stop(child: ChildProcess, folder: string): Promise<void> {
  if (!ended(child)) {
    const exit = new Promise((resolve) => child.once("exit", resolve));
    child.stdin?.end();
    await exit;
  }
  child.stdin?.destroy();
  await rm(folder, { recursive: true, force: true });
}

async function attempt(apache: Apache, site: Site): Promise<WebServer | string> {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), "socket-lab-apache-"));
  await writeSite(folder, site);
  await writeFile(join(folder, "conf"), configuration(apache, folder, HOST, port));
  const command = [apache.program, "-DFOREGROUND", "-f", join(folder, "conf")];
  let said = "";
  const child = spawn("sh", ["-c", RUN, "sh", folder, ...command], {
    stdio: ["pipe", "ignore", "pipe"],
    detached: true, // and a Ctrl+C in our terminal reaches neither
  });
  child.stderr.on("data", (text) => {
    said += String(text);
  });
  const deadline = Date.now() + START_LIMIT_MS;
  // Apache writes its process id once it listens.
  while (!existsSync(join(folder, "pid")) && !ended(child) && Date.now() < deadline) {
    await sleep(POLL_MS);
  }
  if (!existsSync(join(folder, "pid"))) {
    said += await readFile(join(folder, "log"), "utf8").catch(() => "");
    await stop(child, folder);
    return said;
  }
  return { name: "Apache", host: HOST, port, stop: () => stop(child, folder) };
}

/**
 * Starts `apache` serving `site` on a port that is free, on 127.0.0.1, and resolves when it listens.
 * Throws with Apache's own words when it does not start.
 */
export async function startApache(apache: Apache, site: Site): Promise<WebServer> {
  checkSite(site);
  let said = "";
  for (let i = 0; i < ATTEMPTS; i++) {
    const result = await attempt(apache, site);
    if (typeof result !== "string") return result;
    said = result;
    if (!said.includes("Address already in use")) break;
  }
  throw new Error(`${apache.program} did not start:\n${said.trim()}`);
}
