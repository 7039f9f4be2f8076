// The requests that a client has sent, and what is still to come of each.

import type { Message } from "./protocol";
import { type Output, toOutput } from "./results";

/** The cell of an execution. */
export interface ExecutedCell {
  cellId?: string;
}

/** Told of output that a cell printed after its execution was over. */
export type LateOutputHook = (output: Output, cell: ExecutedCell) => void;

export interface CallOptions {
  /** Told of each message on iopub that the request caused. */
  onMessage?: (message: Message) => void;
  /** Of an execution, which also waits for the end of its output. */
  execution?: ExecutedCell;
}

interface Pending extends CallOptions {
  reply?: Message;
  idle: boolean;
  resolve(reply: Message): void;
  reject(error: Error): void;
}

/** Finished executions whose late output is still told apart. */
const MAX_FINISHED = 1_000;

export class Calls {
  private readonly pending = new Map<string, Pending>();
  private readonly finished = new Map<string, ExecutedCell>();

  constructor(private readonly onLateOutput: LateOutputHook) {}

  /** Whether a cell is running or waiting to run. */
  get executing(): boolean {
    return [...this.pending.values()].some(({ execution }) => execution);
  }

  /** The reply to the request `id`, when all that the caller waits for has come. */
  wait(id: string, options: CallOptions): Promise<Message> {
    return new Promise((resolve, reject) => {
      this.pending.set(id, { ...options, idle: false, resolve, reject });
    });
  }

  receive(message: Message, channel: "shell" | "control" | "iopub"): void {
    const id = message.parent.msg_id ?? "";
    const pending = this.pending.get(id);
    if (!pending) {
      if (channel === "iopub") this.receiveLate(id, message);
      return;
    }
    if (channel !== "iopub") pending.reply = message;
    else if (message.header.msg_type === "status") {
      pending.idle = message.content.execution_state === "idle";
    } else {
      try {
        pending.onMessage?.(message);
      } catch (error) {
        this.end(id);
        pending.reject(error as Error); // the caller's own, from onOutput
        return;
      }
    }
    if (pending.reply && (pending.idle || !pending.execution)) {
      this.end(id);
      pending.resolve(pending.reply);
    }
  }

  /** No reply will come any more. */
  rejectAll(error: Error): void {
    for (const [id, { reject }] of [...this.pending]) {
      this.end(id);
      reject(error);
    }
    this.finished.clear();
  }

  private receiveLate(id: string, message: Message): void {
    const cell = this.finished.get(id);
    const output = cell && toOutput(message);
    if (output) this.onLateOutput(output, cell);
  }

  private end(id: string): void {
    const execution = this.pending.get(id)?.execution;
    this.pending.delete(id);
    if (!execution) return;
    this.finished.set(id, execution);
    const oldest = this.finished.keys().next();
    if (this.finished.size > MAX_FINISHED && !oldest.done) this.finished.delete(oldest.value);
  }
}
