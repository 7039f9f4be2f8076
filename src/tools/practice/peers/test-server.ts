/** A TCP server of the judge's own, for a client under judgement. */
import { once } from "node:events";
import { createServer } from "node:net";
import { Changes } from "../../../lab/changes";
import { unsharedAddress } from "../../../lab/own-address";
import type { Address, StepContext } from "../judging/judge";
import { TcpConnection } from "./tcp-connection";

export class TestServer {
  readonly #connections: TcpConnection[] = [];
  readonly #changes = new Changes();

  private constructor(readonly address: Address) {}

  /** Listens on an address that nothing else uses; it and its connections are closed after the step. */
  static async start(context: StepContext): Promise<TestServer> {
    const host = await unsharedAddress();
    const listener = createServer({ allowHalfOpen: true, noDelay: true });
    listener.listen(0, host);
    await once(listener, "listening");
    const bound = listener.address();
    const port = bound !== null && typeof bound === "object" ? bound.port : 0;
    const server = new TestServer({ host, port });
    listener.on("connection", (socket) => {
      server.#connections.push(new TcpConnection(server.address, socket, "client"));
      server.#changes.tell();
    });
    context.after(async () => {
      for (const accepted of server.#connections) accepted.close();
      listener.close();
      await once(listener, "close");
    });
    return server;
  }

  /** Waits for the connection with this index, until `over` resolves or the time is up; then undefined. */
  async connection(
    index: number,
    over: Promise<unknown>,
    maxMs: number,
  ): Promise<TcpConnection | undefined> {
    let isOver = false;
    void over.then(() => {
      isOver = true;
      this.#changes.tell();
    });
    const none = new Error("no client came");
    const found = this.#changes.until(
      () => this.#connections[index],
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
