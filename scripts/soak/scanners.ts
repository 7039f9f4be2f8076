// Full scans of the loopback by port_scanner and by nmap, as child processes.

import { spawn } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";

const REPOSITORY = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const PROGRAM = path.join(REPOSITORY, "dist", "port_scanner.mjs");
/** A full scan takes seconds; this says that something hangs. */
const SCAN_MAX_MS = 120_000;

export const NMAP_MISSING =
  "nmap is not installed: sudo apt-get install nmap, sudo dnf install nmap, or brew install nmap";

export interface Scan {
  readonly open: readonly number[];
  readonly ms: number;
}

/** Every port that there is, as both scanners take it. */
export const ALL_PORTS = "1-65535";

/** Scans `ports` of `host` (a list like `22,8000-8100`) with the extracted program. */
export async function scanWithProgram(
  host: string,
  ports = ALL_PORTS,
  ...args: readonly string[]
): Promise<Scan> {
  const command = [PROGRAM, host, "--ports", ports, "--json", ...args];
  const { stdout, ms } = await run(process.execPath, command);
  const { finished, hosts } = JSON.parse(stdout) as {
    finished: boolean;
    hosts: { open: { port: number }[] }[];
  };
  if (!finished) throw new Error("port_scanner did not ask every port");
  return { open: hosts[0]?.open.map(({ port }) => port) ?? [], ms };
}

/** Scans the same with `nmap -sT -T5`. @throws Error with NMAP_MISSING */
export async function scanWithNmap(host: string, ports = ALL_PORTS): Promise<Scan> {
  const args = ["-sT", "-T5", "-n", `-p${ports}`, "-oG", "-", host];
  const { stdout, ms } = await run("nmap", args).catch((error: NodeJS.ErrnoException) => {
    throw error.code === "ENOENT" ? new Error(NMAP_MISSING) : error;
  });
  const open = [...stdout.matchAll(/[\s,](\d+)\/open\/tcp/g)].map(([, port]) => Number(port));
  return { open: open.sort((a, b) => a - b), ms };
}

/** Runs a command to its end; `ms` is the time on the clock. */
function run(command: string, args: readonly string[]): Promise<{ stdout: string; ms: number }> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(command, args, {
      stdio: ["ignore", "pipe", "pipe"],
      // Not `timeout`: its timer outlives a command that cannot be started.
      signal: AbortSignal.timeout(SCAN_MAX_MS),
      killSignal: "SIGKILL",
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.once("error", reject);
    child.once("close", (code, signal) => {
      const ms = performance.now() - started;
      if (code === 0) resolve({ stdout, ms });
      else reject(new Error(`${command} ended with ${signal ?? code}: ${stderr.trim()}`));
    });
  });
}
