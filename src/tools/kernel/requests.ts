// The shell channel: requests are answered one after the other, in the order they came.

import type { Router } from "zeromq";
import type { Iopub } from "./iopub";
import { type Content, createHeader, encode, type Message } from "./protocol";

/** How long requests that wait behind a failed one may take to arrive. */
const FAILED_REPLY_DELAY_MS = 25;

interface Running {
  message: Message;
  stopOnError: boolean;
}

export class RequestQueue {
  private readonly waiting: Message[] = [];
  private readonly running = new Map<number, Running>();
  private lastRequest = 0;
  /** Why no request may start: the compiler is still loading, or an interrupt is being delivered. */
  private readonly holds = new Set<string>(["starting"]);

  constructor(
    private readonly socket: Router,
    private readonly iopub: Iopub,
    private readonly session: string,
    private readonly key: string,
    /** Answers at once, or passes the request to the main thread and returns undefined. */
    private readonly start: (request: number, message: Message) => Content | undefined,
  ) {}

  hold(reason: string): void {
    this.holds.add(reason);
  }

  release(reason: string): void {
    this.holds.delete(reason);
    this.next();
  }

  push(message: Message): void {
    this.waiting.push(message);
    this.next();
  }

  /** The main thread's answer to a request. */
  finish(request: number, content: Content): void {
    const running = this.running.get(request);
    if (!running) return;
    const failed = content.status === "error" && running.stopOnError;
    const finish = () => {
      this.running.delete(request);
      this.reply(running.message, content);
      if (failed) this.abortWaiting();
      this.next();
    };
    // What was sent together with the failed request may still be on its way. Whoever sends after the
    // reply has seen it, and means to go on.
    if (failed) setTimeout(finish, FAILED_REPLY_DELAY_MS);
    else finish();
  }

  private next(): void {
    while (this.holds.size === 0 && this.running.size === 0) {
      const message = this.waiting.shift();
      if (!message) return;
      const request = ++this.lastRequest;
      const { header, content } = message;
      this.iopub.parents.set(request, header);
      this.iopub.publish(header, "status", { execution_state: "busy" });
      const stopOnError =
        header.msg_type === "execute_request" && content.stop_on_error !== false && !content.silent;
      this.running.set(request, { message, stopOnError });
      const answer = this.start(request, message);
      if (answer) {
        this.running.delete(request);
        this.reply(message, answer);
      }
    }
  }

  /** After an error, executions that were already waiting are not run ("aborted"). */
  private abortWaiting(): void {
    const kept: Message[] = [];
    for (const message of this.waiting.splice(0)) {
      if (message.header.msg_type !== "execute_request") {
        kept.push(message);
        continue;
      }
      this.iopub.publish(message.header, "status", { execution_state: "busy" });
      this.reply(message, { status: "aborted" });
    }
    this.waiting.push(...kept);
  }

  private reply(request: Message, content: Content): void {
    this.iopub.enqueue(() => reply(this.socket, request, content, this.session, this.key));
    this.iopub.publish(request.header, "status", { execution_state: "idle" });
  }
}

/** Sends the reply to a request on the channel that it came from. */
export async function reply(
  socket: Router,
  request: Message,
  content: Content,
  session: string,
  key: string,
): Promise<void> {
  // comm_msg and the like expect no reply.
  if (!request.header.msg_type.endsWith("_request")) return;
  const msgType = request.header.msg_type.replace(/_request$/, "_reply");
  const message: Message = {
    identities: request.identities,
    header: createHeader(msgType, session, request.header.username),
    parent: request.header,
    metadata: {},
    content,
  };
  // A front end that has gone away cannot be answered, and need not be.
  await socket.send(encode(message, key)).catch(() => {});
}
