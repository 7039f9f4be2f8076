/** A server of the judge's own, for a client under judgement: it plays what a step needs, byte by byte. */
import { once } from "node:events";
import { createServer } from "node:net";
import { Changes } from "../../../lab/changes";
import { unsharedAddress } from "../../../lab/own-address";
import type { Address, Bench } from "../judging/judge";
import { Connection } from "./tcp-connection";

export class JudgeServer {
  readonly #callers: Connection[] = [];
  readonly #changes = new Changes();

  private constructor(readonly address: Address) {}

  /** Listens where nobody else calls; it and its connections are closed after the step. */
  static async start(bench: Bench): Promise<JudgeServer> {
    const host = await unsharedAddress();
    const listener = createServer({ allowHalfOpen: true, noDelay: true });
    listener.listen(0, host);
    await once(listener, "listening");
    const bound = listener.address();
    const port = bound !== null && typeof bound === "object" ? bound.port : 0;
    const server = new JudgeServer({ host, port });
    listener.on("connection", (socket) => {
      server.#callers.push(new Connection(server.address, socket, "client"));
      server.#changes.tell();
    });
    bench.after(async () => {
      for (const caller of server.#callers) caller.close();
      listener.close();
      await once(listener, "close");
    });
    return server;
  }

  /** Waits for the connection with this index, until `over` resolves or the time is up; then undefined. */
  async caller(
    index: number,
    over: Promise<unknown>,
    maxMs: number,
  ): Promise<Connection | undefined> {
    let isOver = false;
    void over.then(() => {
      isOver = true;
      this.#changes.tell();
    });
    const none = new Error("nobody came");
    const found = this.#changes.until(
      () => this.#callers[index],
      () => isOver,
      maxMs,
      () => none,
    );
    return found.catch((error: unknown) => {
      if (error !== none) throw error;
      return undefined;
    });
  }
}
