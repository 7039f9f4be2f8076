// A server under measurement, in a process of its own: its port, its CPU time, its end.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
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
 * Starts a server of this folder, which prints its port as its first line; TypeScript is bundled
 * first, as programs are (tsx would slow each function down). @throws when it cannot be started
 */
export async function startPeer(file: string, nodeOptions: readonly string[] = []): Promise<Peer> {
  const script = path.join(import.meta.dirname, file);
  if (file.endsWith(".py")) return run("python3", [script], async () => {});
  if (file.endsWith(".mjs")) return run(process.execPath, [...nodeOptions, script], async () => {});
  const folder = await mkdtemp(path.join(tmpdir(), "socket-lab-bench-"));
  const outfile = path.join(folder, file.replace(/\.ts$/, ".mjs"));
  const options = { bundle: true, platform: "node", format: "esm", target: "node20" } as const;
  await build({ ...options, entryPoints: [script], outfile });
  const cleanUp = () => rm(folder, { recursive: true, force: true });
  return run(process.execPath, [...nodeOptions, outfile], cleanUp);
}

/** Starts a command that prints its port as its first line. @throws when it cannot be started */
export function startCommand(command: string, args: readonly string[]): Promise<Peer> {
  return run(command, args, async () => {});
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
    port: Number(first[0]),
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
