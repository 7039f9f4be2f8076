/** The sending half of a connection: the response to each request, and what becomes of the connection after it. */

import type { Socket } from "node:net";
import type { Clock } from "./clock";
import { type ConnectionState, step } from "./connection-state";
import type { Exchange, ExchangeHost } from "./exchange";
import { errorResponse, mayKeepAlive } from "./exchange-rules";
import { ClientGone, HttpError } from "./http-error";
import type { HttpResponse } from "./response";
import { isStream } from "./response-body";
import { type Answered, type ResponseSink, sendResponse } from "./send-response";
import { NEVER, Transport } from "./transport";

/** What a connection needs of its server. */
export interface ConnectionHost extends ExchangeHost {
  readonly clock: Clock;
  readonly stopping: boolean;
}

const CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";

export abstract class Responder extends Transport implements ResponseSink {
  /** The request in hand, in the states from "handling" to "dropping". */
  protected exchange: Exchange | undefined;
  /** How many requests were handled. */
  protected requests = 0;
  #state: ConnectionState = "idle";

  constructor(
    protected readonly host: ConnectionHost,
    socket: Socket,
  ) {
    super(socket, host.clock, host.limits);
  }

  get state(): ConnectionState {
    return this.#state;
  }

  get maxWriteBytes(): number {
    return this.limits.maxWriteBytes;
  }

  get dateLine(): string {
    return this.host.clock.dateLine;
  }

  override async taken(): Promise<void> {
    await super.taken();
    if (this.#state === "gone") throw new ClientGone();
  }

  sendContinue(): void {
    this.out.text(CONTINUE);
    this.out.flush();
  }

  failure(error: unknown): HttpResponse {
    if (this.exchange !== undefined) return this.exchange.failure(error);
    if (!(error instanceof HttpError)) this.host.report(error, undefined);
    return errorResponse(error, this.host.errorResponse);
  }

  /** Goes on with what has arrived, after a response that took its time. */
  protected abstract advance(): void;

  protected respond(exchange: Exchange, response: HttpResponse): void {
    const { body } = exchange;
    if (body === undefined || body.touched || isStream(response.body)) {
      this.#send(response);
    } else {
      exchange.held = response;
      this.go("holding");
    }
  }

  /** Sends the held response if it need not wait for the end of the request. */
  protected sendHeld({ head, body, held }: Exchange): boolean {
    if (held === undefined || body === undefined) return false;
    const isSuccess = held.status < 400;
    if (isSuccess && !body.expectsContinue) return false;
    if (isSuccess && head.contentLength <= this.limits.maxDiscardBytes) {
      // The handler did not ask for the content, but its response is to a request with all of it.
      body.expectsContinue = false;
      this.sendContinue();
      return false;
    }
    this.#send(held);
    return true;
  }

  #send(response: HttpResponse): void {
    const exchange = this.exchange as Exchange;
    const mayKeep =
      !this.host.stopping &&
      this.requests < this.limits.maxRequestsPerConnection &&
      mayKeepAlive(exchange.head, exchange.body, response, this.limits);
    this.#write(response, exchange.head, mayKeep);
  }

  #write(response: HttpResponse, to: Answered, mayKeep: boolean): void {
    const sent = sendResponse(response, to, mayKeep, this);
    if (typeof sent === "boolean") {
      this.#answered(sent);
      return;
    }
    this.go("sending");
    sent.then(
      (keepAlive) => {
        if (this.#state !== "sending") return; // The client is gone.
        this.#answered(keepAlive);
        this.advance();
      },
      (error: unknown) => {
        if (!(error instanceof ClientGone)) this.host.report(error, this.exchange?.request);
        // Cut, not ended: the client must not take what it got for the whole.
        this.socket.resetAndDestroy();
      },
    );
  }

  #answered(keepAlive: boolean): void {
    const body = this.exchange?.body;
    body?.close();
    if (!keepAlive || body?.failure !== undefined) this.close();
    else if (body === undefined || body.done) this.forget();
    else this.go("dropping");
  }

  /** Answers a request that cannot be read, and closes: no one can tell where the next one starts. */
  protected reject(error: HttpError, method = ""): void {
    this.readBy = NEVER;
    this.#write(this.failure(error), { method, minorVersion: 1 }, false);
  }

  protected forget(): void {
    this.exchange = undefined;
    this.go("idle");
  }

  /** Sends what is left and the end of the stream; then waits for the client's, for a while. */
  protected close(): void {
    this.go("closing");
    this.exchange = undefined;
    this.end(() => {
      if (this.#state === "closing") this.go("lingering");
    });
  }

  protected go(to: ConnectionState): void {
    this.#state = step(this.#state, to);
  }

  /** No more of the request's content will be read. */
  protected contentOver({ body, held }: Exchange): void {
    if (this.#state === "holding" && held !== undefined) {
      // A success is claimed only of a request that was received whole and well-formed.
      const isBelied = body?.failure !== undefined && held.status < 400;
      this.#send(isBelied ? this.failure(body.failure) : held);
    } else if (this.#state === "dropping") {
      if (body?.done) this.forget();
      else this.close();
    }
  }
}
