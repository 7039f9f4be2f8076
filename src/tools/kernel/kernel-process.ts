// The operating-system side of a kernel: starts the process, notices its death, leaves nothing behind.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  CONNECTION_FOLDER_PREFIX,
  type ConnectionInfo,
  newConnection,
  readConnectionFile,
  withFreePorts,
  writeConnectionFile,
} from "./connection";
import { findSnapshot, makeSnapshot } from "./snapshot";
import { snapshotOptions } from "./snapshot-options";

const KERNEL_NAME = "socket-lab";
/** The end of the kernel's own stderr, kept to explain its death. */
const MAX_STDERR_CHARS = 4_000;
const PORTS_POLL_MS = 5;

/** The kernel's process has ended; every pending call is rejected with this. */
export class KernelDied extends Error {
  override readonly name = "KernelDied";
  constructor(
    readonly exitCode: number | null,
    readonly signal: NodeJS.Signals | null,
    /** The last lines that the process wrote to its own stderr. */
    readonly stderr: string,
    when = "the kernel has died",
  ) {
    const how = signal ? `by ${signal}` : exitCode === null ? "" : `with exit code ${exitCode}`;
    super([`${when} ${how}`.trim(), stderr.trim()].filter(Boolean).join(": "));
  }
}

export interface ProcessOptions {
  root: string;
  env?: NodeJS.ProcessEnv | undefined;
  /** Starts tslab's own kernel instead of ours. */
  stock?: boolean | undefined;
  /** Starts from the snapshot where there is one. */
  fromSnapshot?: boolean | undefined;
}

/** Makes the snapshot from which kernels with this environment start; see the client. */
export async function prepareKernels(
  root: string,
  { env, signal }: { env?: NodeJS.ProcessEnv; signal?: AbortSignal } = {},
): Promise<void> {
  try {
    const { options } = kernelspecCommand(root);
    await makeSnapshot(root, options, { ...process.env, ...env }, signal);
  } catch {
    // A kernel that is started tells what is wrong.
  }
}

export class KernelProcess {
  /** Resolves, never rejects, when the process has ended. */
  readonly died: Promise<KernelDied>;
  /** Set when the process has ended. */
  death: KernelDied | undefined;
  private stderr = "";
  private listens = false;

  private constructor(
    private readonly child: ChildProcess,
    private readonly directory: string,
    private readonly connectionFile: string,
    private readonly snapshot: string | undefined,
  ) {
    this.died = new Promise((resolve) => {
      const end = (code: number | null, signal: NodeJS.Signals | null) => {
        this.death = new KernelDied(code, signal, this.stderr);
        rmSync(this.directory, { recursive: true, force: true });
        process.removeListener("exit", this.killNow);
        resolve(this.death);
      };
      child.once("close", end);
      child.once("error", (error) => {
        this.stderr += error.message;
        end(null, null);
      });
    });
    const keep = (text: Buffer) => {
      this.stderr = (this.stderr + text.toString("utf8")).slice(-MAX_STDERR_CHARS);
    };
    child.stderr?.on("data", keep);
    child.stdout?.resume();
    process.once("exit", this.killNow);
  }

  static async start(options: ProcessOptions): Promise<KernelProcess> {
    const { root, env, stock, fromSnapshot } = options;
    const directory = mkdtempSync(path.join(os.tmpdir(), CONNECTION_FOLDER_PREFIX));
    const connectionFile = path.join(directory, "connection.json");
    const connection = newConnection(KERNEL_NAME, stock ? undefined : directory);
    writeConnectionFile(connectionFile, stock ? await withFreePorts(connection) : connection);
    const wholeEnv = { ...process.env, ...env, JPY_PARENT_PID: String(process.pid) };
    const command = stock ? stockCommand(root) : kernelspecCommand(root);
    const snapshot =
      fromSnapshot && !stock ? findSnapshot(root, command.options, wholeEnv) : undefined;
    const child = spawn(
      process.execPath,
      [
        ...command.options,
        ...(snapshot ? snapshotOptions(snapshot) : []),
        ...command.program.map((arg) => arg.replaceAll("{connection_file}", connectionFile)),
      ],
      {
        cwd: root,
        env: wholeEnv,
        stdio: ["ignore", "pipe", "pipe"],
        // Ctrl+C in our terminal is for us to pass on.
        detached: process.platform !== "win32",
      },
    );
    return new KernelProcess(child, directory, connectionFile, snapshot);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** The connection, once the kernel has chosen its ports. Undefined when `signal` aborts first. */
  async connection(signal: AbortSignal): Promise<ConnectionInfo | undefined> {
    while (!signal.aborted && !this.death) {
      const info = readConnectionFile(this.connectionFile);
      if (info.shell_port !== 0) {
        this.listens = true;
        return info;
      }
      await sleep(PORTS_POLL_MS);
    }
    return undefined;
  }

  /** It ended before it listened, and would perhaps have come to it without its snapshot. */
  get snapshotFailed(): boolean {
    return this.snapshot !== undefined && !this.listens && this.death !== undefined;
  }

  /** Has the next kernel start without this one's snapshot. */
  discardSnapshot(): void {
    if (this.snapshot) rmSync(this.snapshot, { force: true });
  }

  /** Removes the connection file, with the key in it: the kernel has read it, and so have we. */
  removeConnectionFile(): void {
    rmSync(this.connectionFile, { force: true });
  }

  interrupt(): void {
    this.child.kill("SIGINT");
  }

  kill(): void {
    this.child.kill("SIGKILL");
  }

  private readonly killNow = () => {
    this.kill();
    rmSync(this.directory, { recursive: true, force: true });
  };
}

/** Node's options, and the program with its arguments. */
interface Command {
  options: string[];
  program: string[];
}

/** The command of our kernelspec, for this process's Node. */
function kernelspecCommand(root: string): Command {
  const directory = path.join(root, ".jupyter", "kernels", KERNEL_NAME);
  const spec = JSON.parse(readFileSync(path.join(directory, "kernel.json"), "utf8")) as {
    argv: string[];
  };
  const args = spec.argv.slice(1).map((arg) => arg.replaceAll("{resource_dir}", directory));
  const program = args.findIndex((arg) => !arg.startsWith("-"));
  return { options: args.slice(0, program), program: args.slice(program) };
}

function stockCommand(root: string): Command {
  const manifest = createRequire(path.join(root, "package.json")).resolve("tslab/package.json");
  const program = path.join(path.dirname(manifest), "bin", "tslab");
  return { options: [], program: [program, "kernel", "--config-path", "{connection_file}"] };
}
