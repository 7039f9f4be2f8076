// A kernel that runs in a process of its own: cells in, outputs and results out.
// Source: Jupyter messaging specification 5.3.

import path from "node:path";
import { fileURLToPath } from "node:url";
import { type CallOptions, Calls, type LateOutputHook } from "./calls";
import { Channels } from "./channels";
import { KernelDied, KernelProcess } from "./kernel-process";
import type { OpenResource } from "./open-resource";
import type { Content, Message } from "./protocol";
import { type ExecuteResult, type Output, toOutput, toResult } from "./results";
import { characterOffset, utf16Offset } from "./text-offset";

export interface ExecuteOptions {
  onOutput?(output: Output): void;
  /** Names the cell in tracebacks and open resources; sent as JupyterLab sends it. */
  cellId?: string;
  /** Whether executions waiting behind this one are aborted when it fails. Default true. */
  stopOnError?: boolean;
  silent?: boolean;
  storeHistory?: boolean;
  userExpressions?: Record<string, string>;
  /** Interrupts the kernel when aborted. */
  signal?: AbortSignal;
}

export interface StartOptions {
  env?: NodeJS.ProcessEnv;
  /** Starts tslab's own, unrepaired kernel: for comparison. */
  stock?: boolean;
  signal?: AbortSignal;
  /** How long the kernel may take to be ready. Default START_TIMEOUT_MS. */
  timeoutMs?: number;
  onLateOutput?: LateOutputHook;
  onDeath?: DeathHook;
}

export type KernelState = "starting" | "idle" | "busy" | "restarting" | "dead";
/** Told when the kernel ends without being asked to. */
export type DeathHook = (error: KernelDied) => void;

export const START_TIMEOUT_MS = 60_000;
/** Time between requests that find out whether the kernel hears us and we hear it. */
const NUDGE_MS = 200;
/** How long a kernel may take to end when asked, before it is killed. */
const SHUTDOWN_TIMEOUT_MS = 2_000;
/** How long a kernel may take to answer a request on the control channel. */
const CONTROL_TIMEOUT_MS = 5_000;
/** tslab's own kernel answers a shutdown request, and stays. */
const STOCK_SHUTDOWN_TIMEOUT_MS = 300;

export const REPOSITORY = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../..");

export class Kernel {
  onLateOutput: LateOutputHook | undefined;
  onDeath: DeathHook | undefined;
  /** The content of the kernel_info_reply. */
  info: Content = {};

  private process: KernelProcess | undefined;
  private channels: Channels | undefined;
  private readonly calls = new Calls((output, cell) => this.onLateOutput?.(output, cell));
  /** Of the process; a kernel that is idle may run calls. */
  private current: Exclude<KernelState, "busy"> = "starting";
  private iopubSeen: (() => void) | undefined;
  private ending = false;

  /** Use startKernel. */
  constructor(private readonly options: StartOptions) {
    this.onLateOutput = options.onLateOutput;
    this.onDeath = options.onDeath;
  }

  get pid(): number {
    return this.process?.pid ?? 0;
  }

  get state(): KernelState {
    return this.current === "idle" && this.calls.executing ? "busy" : this.current;
  }

  /** Starts the process and waits until it is ready. Called by startKernel and restart. */
  async start(): Promise<void> {
    try {
      await this.startProcess(true);
    } catch (error) {
      if (!(error instanceof KernelDied) || !this.process?.snapshotFailed) throw error;
      this.process.discardSnapshot();
      await this.startProcess(false);
    }
  }

  private async startProcess(fromSnapshot: boolean): Promise<void> {
    const { env, stock, signal, timeoutMs = START_TIMEOUT_MS } = this.options;
    const deadline = new AbortController();
    const timer = setTimeout(
      () => deadline.abort(new Error(`the kernel was not ready within ${timeoutMs} ms`)),
      timeoutMs,
    );
    const abort = () => deadline.abort(signal?.reason);
    signal?.addEventListener("abort", abort);
    this.ending = false;
    const started = await KernelProcess.start({ root: REPOSITORY, env, stock, fromSnapshot });
    this.process = started;
    const cancelled = new Promise<never>((_, reject) => {
      deadline.signal.addEventListener("abort", () => reject(deadline.signal.reason));
      void started.died.then((death) => {
        if (this.process === started && !started.snapshotFailed) this.die(death);
        reject(death);
      });
    });
    cancelled.catch(() => {});
    try {
      await Promise.race([this.connect(started, deadline.signal), cancelled]);
      this.current = "idle";
    } catch (error) {
      this.ending = true;
      started.kill();
      await started.died;
      throw error;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
      started.removeConnectionFile();
    }
  }

  private async connect(started: KernelProcess, deadline: AbortSignal): Promise<void> {
    const info = await started.connection(deadline);
    if (!info) return;
    const seen = new Promise<void>((resolve) => {
      this.iopubSeen = resolve;
    });
    this.channels = new Channels(info, (message, channel) => {
      if (channel === "iopub") this.iopubSeen?.();
      this.calls.receive(message, channel);
    });
    // The first requests may come before the kernel listens; each also makes it publish its status.
    let answered = false;
    const ask = () =>
      this.call("shell", "kernel_info_request", {}).then(({ content }) => {
        answered = true;
        this.info = content;
      });
    const reply = ask();
    const nudge = setInterval(() => {
      if (answered) ask().catch(() => {});
    }, NUDGE_MS);
    try {
      await Promise.all([reply, seen]);
    } finally {
      clearInterval(nudge);
    }
  }

  /**
   * Runs a cell. An error in the cell is a result; the promise rejects only when the kernel is lost.
   * @throws KernelDied
   */
  async execute(code: string, options: ExecuteOptions = {}): Promise<ExecuteResult> {
    const { onOutput, cellId, stopOnError = true, silent = false, signal } = options;
    signal?.throwIfAborted();
    const content = {
      code,
      silent,
      store_history: options.storeHistory ?? !silent,
      user_expressions: options.userExpressions ?? {},
      allow_stdin: false,
      stop_on_error: stopOnError,
    };
    const abort = () => void this.interrupt().catch(() => {});
    signal?.addEventListener("abort", abort);
    try {
      const reply = await this.call("shell", "execute_request", content, {
        metadata: cellId === undefined ? {} : { cellId },
        execution: cellId === undefined ? {} : { cellId },
        onMessage: (message) => {
          const output = toOutput(message);
          if (output) onOutput?.(output);
        },
      });
      return toResult(reply.content);
    } finally {
      signal?.removeEventListener("abort", abort);
    }
  }

  /** Candidates at `cursor`, an offset in `code` in UTF-16 units as in any JavaScript string. */
  async complete(
    code: string,
    cursor: number,
  ): Promise<{ matches: string[]; start: number; end: number }> {
    const request = { code, cursor_pos: characterOffset(code, cursor) };
    const { content } = await this.call("shell", "complete_request", request);
    return {
      matches: (content.matches as string[] | undefined) ?? [],
      start: utf16Offset(code, Number(content.cursor_start)),
      end: utf16Offset(code, Number(content.cursor_end)),
    };
  }

  /** What is at `cursor`: its type and documentation as text; undefined when nothing is. */
  async inspect(code: string, cursor: number): Promise<string | undefined> {
    const request = { code, cursor_pos: characterOffset(code, cursor), detail_level: 0 };
    const { content } = await this.call("shell", "inspect_request", request);
    const data = content.data as Record<string, string> | undefined;
    return content.found ? data?.["text/plain"] : undefined;
  }

  async isComplete(
    code: string,
  ): Promise<{ status: "complete" | "incomplete" | "invalid" | "unknown"; indent?: string }> {
    const { content } = await this.call("shell", "is_complete_request", { code });
    return content as Awaited<ReturnType<Kernel["isComplete"]>>;
  }

  /** What cells opened and did not close. Answered after the cells sent before. */
  async openResources(): Promise<OpenResource[]> {
    const { content } = await this.call("shell", "open_resources_request", {});
    return (content.resources as OpenResource[] | undefined) ?? [];
  }

  /** Ends the running cell with an error. Resolves when the kernel has taken the request. */
  async interrupt(): Promise<void> {
    if (this.options.stock) {
      this.process?.interrupt();
      return;
    }
    await this.control("interrupt_request", {});
  }

  /** Ends the kernel and starts it anew; also after it has died. Pending calls reject with KernelDied. */
  async restart(): Promise<void> {
    await this.end(true);
    this.current = "restarting";
    await this.start();
  }

  /**
   * Ends the kernel; resolves when its process has ended.
   * @param timeoutMs how long it may take before it is killed.
   * @returns whether it had to be killed.
   */
  async shutdown(timeoutMs?: number): Promise<{ killed: boolean }> {
    return this.end(false, timeoutMs);
  }

  private async end(restart: boolean, timeoutMs?: number): Promise<{ killed: boolean }> {
    const ended = this.process;
    this.ending = true;
    let killed = false;
    if (ended && !ended.death) {
      const limit = this.options.stock ? STOCK_SHUTDOWN_TIMEOUT_MS : SHUTDOWN_TIMEOUT_MS;
      this.control("shutdown_request", { restart }).catch(() => {});
      const kill = setTimeout(() => {
        killed = true;
        ended.kill();
      }, timeoutMs ?? limit);
      await ended.died;
      clearTimeout(kill);
    }
    this.current = "dead";
    return { killed };
  }

  private async control(msgType: string, content: Content): Promise<Message> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () =>
          reject(new Error(`the kernel did not answer ${msgType} within ${CONTROL_TIMEOUT_MS} ms`)),
        CONTROL_TIMEOUT_MS,
      );
    });
    try {
      return await Promise.race([this.call("control", msgType, content), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  private call(
    channel: "shell" | "control",
    msgType: string,
    content: Content,
    { metadata = {}, ...more }: CallOptions & { metadata?: Content } = {},
  ): Promise<Message> {
    const { channels } = this;
    const death = this.process?.death;
    if (death || !channels) {
      return Promise.reject(death ?? new KernelDied(null, null, "", "the kernel is not running"));
    }
    const id = channels.send(channel, msgType, content, metadata);
    return this.calls.wait(id, more);
  }

  private die(death: KernelDied): void {
    this.channels?.close();
    this.channels = undefined;
    this.current = "dead";
    this.calls.rejectAll(death);
    if (!this.ending) this.onDeath?.(death);
  }
}
