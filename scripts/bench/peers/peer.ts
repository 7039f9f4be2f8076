// A server under measurement, in a process of its own: its port, its CPU time, its end.
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { build } from "esbuild";

/** The kernel counts a process's CPU time in ticks of this length (USER_HZ is 100 on Linux). */
const TICK_US = 10_000;

export interface Peer {
  readonly port: number;
  /** CPU time so far, user and system, in microseconds; undefined where the system does not tell. */
  cpuUs(): number | undefined;
  /** Resident memory in bytes; undefined where the system does not tell. */
  rssBytes(): number | undefined;
  stop(): Promise<void>;
}

/**
 * Starts a server of this folder, whose first line ends with its port; TypeScript is bundled
 * first, as programs are (tsx would slow each function down). @throws when it cannot be started
 */
export async function startPeer(file: string, nodeOptions: readonly string[] = []): Promise<Peer> {
  const script = path.join(import.meta.dirname, file);
  if (file.endsWith(".py")) return run("python3", [script], async () => {});
  if (file.includes("/dist/")) {
    // A program of the lab, as `npm run extract` wrote it.
    return run(process.execPath, [...nodeOptions, script, "--port", "0"], async () => {});
  }
  if (file.endsWith(".mjs")) return run(process.execPath, [...nodeOptions, script], async () => {});
  const folder = await mkdtemp(path.join(tmpdir(), "socket-lab-bench-"));
  const cleanUp = () => rm(folder, { recursive: true, force: true });
  if (file.endsWith(".go")) return runGo(script, path.join(folder, "server"), cleanUp);
  const outfile = path.join(folder, file.replace(/\.ts$/, ".mjs"));
  const options = { bundle: true, platform: "node", format: "esm", target: "node20" } as const;
  await build({ ...options, entryPoints: [script], outfile });
  return run(process.execPath, [...nodeOptions, outfile], cleanUp);
}

/** Starts a command that prints its port as its first line. @throws when it cannot be started */
export function startCommand(command: string, args: readonly string[]): Promise<Peer> {
  return run(command, args, async () => {});
}

/** Compiled first; no module is fetched. @throws Error saying so where Go is not installed */
async function runGo(script: string, outfile: string, cleanUp: () => Promise<void>): Promise<Peer> {
  try {
    const env = { ...process.env, GOPROXY: "off", GOTOOLCHAIN: "local" };
    await promisify(execFile)("go", ["build", "-o", outfile, script], { env });
  } catch (error) {
    await cleanUp();
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new Error("go is not installed (https://go.dev/dl)");
  }
  return run(outfile, [], cleanUp);
}

async function run(
  command: string,
  args: readonly string[],
  cleanUp: () => Promise<void>,
): Promise<Peer> {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
  try {
    await once(child, "spawn");
  } catch (error) {
    await cleanUp();
    throw error;
  }
  const lines = createInterface(child.stdout);
  const first = await Promise.race([
    once(lines, "line"),
    once(child, "exit").then(() => undefined),
  ]);
  lines.close();
  if (first === undefined) {
    await cleanUp();
    throw new Error(`${command} ${args.join(" ")} ended before it listened`);
  }
  return {
    port: Number(/(\d+)$/.exec(String(first[0]))?.[1]),
    cpuUs: () => cpuUs(child),
    rssBytes: () => rssBytes(child),
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill("SIGTERM");
        await once(child, "exit");
      }
      await cleanUp();
    },
  };
}

function cpuUs(child: ChildProcess): number | undefined {
  try {
    const stat = readFileSync(`/proc/${child.pid}/stat`, "utf8");
    // Fields 14 and 15, counted after the name in parentheses, which may hold anything (proc(5)).
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return (Number(fields[11]) + Number(fields[12])) * TICK_US;
  } catch {
    return undefined;
  }
}

function rssBytes(child: ChildProcess): number | undefined {
  try {
    const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
  } catch {
    return undefined;
  }
}
