// A front end that knows only sockets and messages, so that tests see what the kernel really sends.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { Dealer, Request, Subscriber } from "zeromq";
import {
  address,
  type ConnectionInfo,
  newConnection,
  readConnectionFile,
  writeConnectionFile,
} from "../../../src/tools/kernel/connection";
import {
  type Content,
  createHeader,
  decode,
  encode,
  type Message,
} from "../../../src/tools/kernel/protocol";
import { atEndOfFile } from "../../support/end-of-file";
import { REPOSITORY, until } from "./support";

const RESOURCES = path.join(REPOSITORY, ".jupyter", "kernels", "socket-lab");

export interface Answer {
  reply: Message;
  /** Up to and with the idle status. */
  iopub: Message[];
}

/** Starts the kernel as a kernelspec's argv says. */
export function spawnKernel(
  connectionFile: string,
  resources = RESOURCES,
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): ChildProcess {
  const { argv } = JSON.parse(readFileSync(path.join(resources, "kernel.json"), "utf8"));
  const args = (argv as string[])
    .slice(1)
    .map((arg) =>
      arg.replace("{resource_dir}", resources).replace("{connection_file}", connectionFile),
    );
  return spawn(process.execPath, args, { ...options, stdio: ["ignore", "ignore", "pipe"] });
}

/** Starts a kernel on ports of loopback and connects to it; both end with the test file. */
export async function rawClient(): Promise<RawClient> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "socket-lab-test-"));
  const file = path.join(folder, "connection.json");
  writeConnectionFile(file, newConnection("socket-lab"));
  const child = spawnKernel(file);
  await until("the kernel has chosen its ports", () => readConnectionFile(file).hb_port !== 0);
  const client = new RawClient(readConnectionFile(file), file, child.pid as number);
  atEndOfFile(async () => {
    client.close();
    if (child.exitCode === null && child.signalCode === null) {
      child.kill("SIGKILL");
      await once(child, "exit");
    }
    rmSync(folder, { recursive: true, force: true });
  });
  await client.request("kernel_info_request", {});
  return client;
}

export class RawClient {
  readonly received: Message[] = [];
  private readonly replies: Message[] = [];
  private readonly session = `session-${Math.random()}`;
  private readonly shell = new Dealer({ linger: 0 });
  private readonly control = new Dealer({ linger: 0 });
  private readonly iopub = new Subscriber({ linger: 0 });

  constructor(
    private readonly info: ConnectionInfo,
    private readonly file: string,
    readonly pid: number,
  ) {
    this.iopub.subscribe("");
    for (const channel of ["iopub", "shell", "control"] as const) {
      this[channel].connect(address(info, channel));
      void this.listen(this[channel], channel === "iopub" ? this.received : this.replies);
    }
  }

  another(): RawClient {
    return new RawClient(this.info, this.file, this.pid);
  }

  /** Sends a request and waits for its reply and for the end of its output. */
  async request(
    msgType: string,
    content: Content,
    channel: "shell" | "control" = "shell",
  ): Promise<Answer> {
    const header = createHeader(msgType, this.session);
    const mine = ({ parent }: Message) => parent.msg_id === header.msg_id;
    const defaults =
      msgType === "execute_request"
        ? { silent: false, store_history: true, stop_on_error: true }
        : {};
    await this[channel].send(
      encode(
        { identities: [], header, parent: {}, metadata: {}, content: { ...defaults, ...content } },
        this.info.key,
      ),
    );
    await until(`${msgType} is answered`, () => this.replies.some(mine), 30_000);
    const isIdle = (message: Message) =>
      mine(message) && message.content.execution_state === "idle";
    if (this.received.length > 0) await until("it is idle", () => this.received.some(isIdle));
    return { reply: this.replies.find(mine) as Message, iopub: this.received.filter(mine) };
  }

  /** Waits for the next iopub message of a type. */
  async seen(msgType: string): Promise<void> {
    const from = this.received.length;
    await until(`a ${msgType} message`, () =>
      this.received.slice(from).some(({ header }) => header.msg_type === msgType),
    );
  }

  async sendSignedWith(key: string, msgType: string, content: Content): Promise<void> {
    const header = createHeader(msgType, this.session);
    await this.shell.send(
      encode({ identities: [], header, parent: {}, metadata: {}, content }, key),
    );
  }

  async sendFrames(frames: string[]): Promise<void> {
    await this.shell.send(frames);
    await this.control.send(frames);
  }

  /** Sends frames on a channel of their own, and resolves when the kernel has closed it. */
  async sendUntilClosed(frames: Buffer[]): Promise<void> {
    const socket = new Dealer({ linger: 0 });
    const closed = new Promise<void>((resolve) => socket.events.on("disconnect", () => resolve()));
    socket.connect(address(this.info, "shell"));
    try {
      await socket.send(frames);
      await closed;
    } finally {
      socket.close();
    }
  }

  async heartbeat(text: string): Promise<string> {
    const socket = new Request({ linger: 0 });
    socket.connect(address(this.info, "hb"));
    try {
      await socket.send(text);
      return String((await socket.receive())[0]);
    } finally {
      socket.close();
    }
  }

  async secondKernelOnSamePorts(): Promise<{ code: number | null; stderr: string }> {
    const child = spawnKernel(this.file);
    let stderr = "";
    child.stderr?.on("data", (text: Buffer) => {
      stderr += text;
    });
    const [code] = await once(child, "close");
    return { code, stderr };
  }

  close(): void {
    for (const socket of [this.shell, this.control, this.iopub]) socket.close();
  }

  private async listen(socket: AsyncIterable<Buffer[]>, into: Message[]): Promise<void> {
    for await (const frames of socket) into.push(decode(frames, this.info.key));
  }
}
