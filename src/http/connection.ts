/**
 * One connection of the server: requests are read, handled and answered one at a time, in order,
 * however the client pipelines them; the socket is read only as fast as they are.
 */

import type { Socket } from "node:net";
import { type Endpoint, endpointOf } from "../sockets/endpoint";
import type { Clock } from "./clock";
import {
  errorResponse,
  expectsContinue,
  failureResponse,
  judgeRequest,
  optionsResponse,
  type Refusal,
} from "./exchange-rules";
import { ClientGone, HttpError } from "./http-error";
import { HttpRequest, type RequestOrigin } from "./http-request";
import { type BodyFeed, IncomingBody } from "./incoming-body";
import type { HttpLimits } from "./limits";
import { Outgoing } from "./outgoing";
import type { RequestHead } from "./request-head";
import { RequestParser } from "./request-parser";
import { HttpResponse } from "./response";
import { isStream, release } from "./response-body";
import { responseHead } from "./response-head";
import { type ResponseSink, sendResponse } from "./send-response";

/** Answers a request; what it throws becomes a 500, or the status of an HttpError. */
export type Handler = (request: HttpRequest) => HttpResponse | Promise<HttpResponse>;

/** What a connection needs of its server. */
export interface ConnectionHost {
  readonly limits: HttpLimits;
  readonly clock: Clock;
  readonly handler: Handler;
  readonly methods: ReadonlySet<string>;
  readonly refusal: Refusal;
  readonly asterisk: boolean;
  readonly stopping: boolean;
  report(error: unknown, request: HttpRequest | undefined): void;
  forget(connection: Connection): void;
}

/** What the connection waits for, and so which timeout holds. */
type Wait = "idle" | "head" | "body" | "write" | "linger" | "handler";

const CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";

export class Connection implements BodyFeed, RequestOrigin, ResponseSink {
  readonly #host: ConnectionHost;
  readonly #socket: Socket;
  readonly #parser: RequestParser;
  readonly out: Outgoing;
  /** Being handled or answered. */
  #request: HttpRequest | undefined;
  /** Content of the last request, until it is read to the end. */
  #body: IncomingBody | undefined;
  /** An answer that waits for the end of its request. */
  #held: HttpResponse | undefined;
  #onMore: ((alive: boolean) => void) | undefined;
  #abort: AbortController | undefined;
  #requests = 0;
  #droppedBytes = 0;
  #bodyMsLeft = 0;
  #wait: Wait = "idle";
  #deadline = 0;
  #closing = false;
  #gone = false;
  #inputEnded = false;
  #paused = false;

  constructor(host: ConnectionHost, socket: Socket) {
    this.#host = host;
    this.#socket = socket;
    this.#parser = new RequestParser(host.limits);
    this.out = new Outgoing(socket);
    this.#waitFor("idle", host.limits.idleTimeoutMs);
    socket.on("data", (bytes: Buffer) => this.#received(bytes));
    socket.on("end", () => this.#inputEnd());
    socket.on("drain", () => this.#drained());
    socket.on("close", () => this.#closed());
    socket.on("error", ignore);
  }

  get remote(): Endpoint {
    return endpointOf(this.#socket.remoteAddress, this.#socket.remotePort);
  }

  /** Answers 503 and closes, without reading a request. */
  turnAway(): void {
    this.#refuse(new HttpError("TOO_MANY_CONNECTIONS"));
  }

  /** Closes when nothing is under way; otherwise the answer under way will be the last. */
  stop(): void {
    if (this.#closing || this.#request || this.#body || !this.#parser.idle) return;
    this.#closing = true;
    this.#socket.destroySoon();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** Called at each tick of the server's clock. */
  checkDeadline(now: number): void {
    if (now < this.#deadline) return;
    const wait = this.#wait;
    if (wait === "idle" && this.out.pending) this.#waitFor("write");
    else if (wait === "idle") this.#close();
    else if (wait === "head") this.#refuse(new HttpError("REQUEST_TIMEOUT"));
    else if (wait === "body") this.#bodyTimedOut();
    else this.#socket.destroy();
  }

  /** Aborted when the connection closes before the answer is sent. */
  abortSignal(): AbortSignal {
    this.#abort ??= new AbortController();
    if (this.#gone) this.#abort.abort(new ClientGone());
    return this.#abort.signal;
  }

  more(): Promise<boolean> {
    if (this.#gone) return Promise.resolve(false);
    this.#resume();
    this.#waitFor("body", this.#bodyMsLeft);
    this.out.flushSoon();
    return new Promise((resolve) => {
      this.#onMore = resolve;
    });
  }

  sendContinue(): void {
    this.out.text(CONTINUE);
    this.out.flush();
  }

  get dateLine(): string {
    return this.#host.clock.dateLine;
  }

  get maxBodyBytes(): number {
    return this.#host.limits.maxBodyBytes;
  }

  get maxWriteBytes(): number {
    return this.#host.limits.maxWriteBytes;
  }

  async taken(): Promise<void> {
    this.#waitFor("write");
    await this.out.drained();
    this.#waitFor("handler");
    if (this.#gone) throw new ClientGone();
  }

  failure(error: unknown): HttpResponse {
    if (error instanceof HttpError) return this.#errorResponse(error);
    if (!(this.#gone && error instanceof ClientGone)) this.#host.report(error, this.#request);
    return failureResponse(this.#host.refusal);
  }

  // Bytes and events from the socket

  #received(bytes: Buffer): void {
    // After the last answer, what still comes is read only so that the close is no reset, which
    // could take the answer from the client (RFC 9112, 9.6).
    if (this.#closing) return;
    this.#parser.push(bytes);
    this.#proceed();
    if (this.#parser.buffered > this.#host.limits.maxBufferedBytes && !this.#paused) {
      this.#paused = true;
      this.#socket.pause();
    }
  }

  #inputEnd(): void {
    this.#inputEnded = true;
    if (this.#closing) return;
    this.#parser.end();
    this.#proceed();
  }

  #proceed(): void {
    if (this.#wait === "body") this.#bodyMsLeft = this.#deadline - this.#host.clock.after(0);
    if (this.#held !== undefined) this.#settleHeld();
    else if (this.#request !== undefined) this.#wakeReader(true);
    if (this.#request === undefined) this.#advance();
  }

  #wakeReader(alive: boolean): void {
    const resolve = this.#onMore;
    this.#onMore = undefined;
    if (resolve === undefined) return;
    this.#waitFor("handler");
    resolve(alive);
  }

  #drained(): void {
    if (!this.out.wake() && this.#request === undefined && !this.#closing) this.#advance();
  }

  #closed(): void {
    this.#gone = true;
    this.#closing = true;
    this.#host.forget(this);
    if (this.#request !== undefined) this.#abort?.abort(new ClientGone());
    this.#wakeReader(false);
    this.out.wake();
  }

  // Requests

  /** Handles what has arrived, until it must wait for bytes, for a handler, or for the client. */
  #advance(): void {
    while (this.#request === undefined && !this.#closing && !this.out.blocked) {
      if (this.#body !== undefined) {
        const dropped = this.#dropBody();
        if (dropped === "failed") this.#close();
        if (dropped !== "done") break;
      }
      const event = this.#parser.next();
      if (event === undefined) break;
      if (event.type === "head") this.#begin(event);
      else if (event.type === "error") this.#refuse(event.error);
    }
    this.#rest();
  }

  /** Settles what the connection waits for next. */
  #rest(): void {
    if (this.#closing) return;
    if (this.#request !== undefined) {
      this.out.flushSoon();
      return;
    }
    this.out.flush();
    const { blocked } = this.out;
    if (blocked) this.#waitFor("write");
    else if (this.#body !== undefined) this.#waitFor("body", this.#bodyMsLeft);
    else if (!this.#parser.idle) {
      if (this.#wait !== "head") this.#waitFor("head", this.#host.limits.headerTimeoutMs);
    } else if (this.#inputEnded || this.#host.stopping) {
      this.#close();
      return;
    } else this.#waitFor("idle", this.#host.limits.idleTimeoutMs);
    if (!blocked) this.#resume();
  }

  #begin(head: RequestHead): void {
    this.#requests++;
    this.#wait = "handler";
    this.#deadline = Number.POSITIVE_INFINITY;
    if (head.hasBody) {
      this.#body = new IncomingBody(this.#parser, this, expectsContinue(head));
      this.#droppedBytes = 0;
      this.#bodyMsLeft = this.#host.limits.bodyTimeoutMs;
    } else {
      this.#parser.next(); // The end: there is nothing between it and the head.
    }
    const request = new HttpRequest(head, this.#body, this);
    this.#request = request;
    const problem = judgeRequest(head, this.#host.methods);
    if (problem !== undefined) this.#respond(this.#errorResponse(problem));
    else if (head.pathAndQuery === "*" && !this.#host.asterisk) {
      this.#respond(optionsResponse(this.#host.methods));
    } else this.#handle(request);
  }

  #handle(request: HttpRequest): void {
    let result: HttpResponse | Promise<HttpResponse>;
    try {
      result = this.#host.handler(request);
    } catch (error) {
      this.#respond(this.failure(error));
      return;
    }
    if (result instanceof HttpResponse) {
      this.#respond(result);
      return;
    }
    Promise.resolve(result).then(
      (response) => this.#settle(response),
      (error: unknown) => this.#settle(this.failure(error)),
    );
  }

  #settle(response: HttpResponse): void {
    if (this.#gone) {
      if (response instanceof HttpResponse) release(response.body);
    } else if (response instanceof HttpResponse) {
      this.#respond(response);
    } else {
      const error = new TypeError("the handler must return an HttpResponse: response(200, ...)");
      this.#respond(this.failure(error));
    }
    if (this.#request === undefined) this.#advance();
    else this.#rest();
  }

  /** Answers a request that cannot be read, and closes: nobody knows where the next one starts. */
  #refuse(error: HttpError): void {
    const answer = this.#errorResponse(error);
    const head = responseHead(answer, 1, false, false, this.#host.clock.dateLine);
    this.out.text(head.text + String(answer.body));
    this.#close();
  }

  // Answers

  #errorResponse(error: HttpError): HttpResponse {
    return errorResponse(error, this.#host.methods, this.#host.refusal);
  }

  #respond(response: HttpResponse): void {
    const body = this.#body;
    if (body !== undefined && !body.touched && !isStream(response.body)) {
      this.#droppedBytes += body.discard();
      if (!body.done && !body.expectsContinue && response.status < 400) {
        // A success is claimed only of a request that was received whole and well-formed.
        this.#held = response;
        this.#settleHeld();
        return;
      }
    }
    this.#send(response);
  }

  #settleHeld(): void {
    const dropped = this.#dropBody();
    if (dropped === "waiting") {
      this.#waitFor("body", this.#bodyMsLeft);
      this.#resume();
      return;
    }
    const failure = this.#body?.failure;
    const held = this.#held as HttpResponse;
    this.#held = undefined;
    this.#send(failure instanceof HttpError ? this.#errorResponse(failure) : held);
  }

  #send(response: HttpResponse): void {
    const request = this.#request as HttpRequest;
    const mayKeepAlive = this.#mayKeepAlive(request.head, response);
    const sent = sendResponse(response, request.head, mayKeepAlive, this);
    if (typeof sent === "boolean") {
      this.#finish(sent);
      return;
    }
    sent.then(
      (keepAlive) => {
        this.#finish(keepAlive);
        this.#advance();
      },
      (error: unknown) => {
        if (!(error instanceof ClientGone)) this.#host.report(error, request);
        // Cut, not ended: the client must not take what it got for the whole.
        this.#socket.resetAndDestroy();
      },
    );
  }

  #mayKeepAlive(head: RequestHead, response: HttpResponse): boolean {
    if (!head.keepAlive || this.#host.stopping) return false;
    if (head.method === "CONNECT") return false;
    if (this.#requests >= this.#host.limits.maxRequestsPerConnection) return false;
    const body = this.#body;
    if (body === undefined || body.done || isStream(response.body)) return true;
    if (body.failure !== undefined || body.expectsContinue) return false;
    return head.contentLength <= this.#host.limits.maxDiscardBytes;
  }

  #finish(keepAlive: boolean): void {
    this.#request = undefined;
    this.#abort = undefined;
    this.#body?.close();
    if (!keepAlive) this.#close();
  }

  /** Drops what has come of content that nobody reads. */
  #dropBody(): "done" | "failed" | "waiting" {
    const body = this.#body;
    if (body === undefined) return "done";
    this.#droppedBytes += body.discard();
    if (body.failure !== undefined || body.expectsContinue) return "failed";
    if (body.done) {
      this.#body = undefined;
      return "done";
    }
    return this.#droppedBytes > this.#host.limits.maxDiscardBytes ? "failed" : "waiting";
  }

  #bodyTimedOut(): void {
    const body = this.#body;
    if (this.#request === undefined || body === undefined) {
      this.#close();
      return;
    }
    body.failure = new HttpError("REQUEST_TIMEOUT");
    this.#proceed();
  }

  // The end

  /** Sends what is left and the end of the stream; then waits for the client's, for a while. */
  #close(): void {
    if (this.#closing) return;
    this.#closing = true;
    this.out.flush();
    this.#waitFor("write");
    this.#socket.end(() => this.#waitFor("linger"));
    this.#resume();
  }

  #resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#socket.resume();
  }

  #waitFor(wait: Wait, timeoutMs: number = this.#timeoutMs(wait)): void {
    this.#wait = wait;
    this.#deadline = this.#host.clock.after(timeoutMs);
  }

  #timeoutMs(wait: Wait): number {
    if (wait === "write") return this.#host.limits.writeTimeoutMs;
    if (wait === "linger") return this.#host.limits.lingerTimeoutMs;
    return Number.POSITIVE_INFINITY;
  }
}

function ignore(): void {
  // "close" follows, and says all there is to know.
}
