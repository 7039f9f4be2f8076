/**
 * One connection of the server: requests are read, handled and answered one at a time, in order,
 * even if the client pipelines them; the socket is read only as fast as they are.
 */

import type { Socket } from "node:net";
import { isClosing } from "./connection-state";
import { Exchange, type ExchangeConnection } from "./exchange";
import { HttpError } from "./http-error";
import { type RequestEvent, RequestParser } from "./request-parser";
import { type ConnectionHost, Responder } from "./responder";
import { HttpResponse } from "./response";
import { NEVER } from "./transport";

/** What keeps the connections of a server. */
export interface ConnectionKeeper {
  /** This one is closed. */
  forget(connection: Connection): void;
  /** The client of this one may ask. */
  admit(connection: Connection): void;
}

export class Connection extends Responder implements ExchangeConnection {
  readonly #parser: RequestParser;
  readonly #server: ConnectionKeeper;
  #inputEnded = false;

  constructor(host: ConnectionHost, socket: Socket, server: ConnectionKeeper) {
    super(host, socket);
    this.#parser = new RequestParser(host.limits);
    this.#server = server;
    this.awaitBytes(host.limits.idleTimeoutMs);
    socket.on("data", (bytes: Buffer) => this.#received(bytes));
    socket.on("end", () => this.#inputEnd());
    socket.on("drain", () => this.#drained());
    socket.on("close", () => this.#closed());
    socket.on("error", ignore);
  }

  // For the server

  /** Answers 503 and closes, without reading a request. */
  turnAway(): void {
    this.reject(new HttpError("TOO_MANY_CONNECTIONS"), undefined);
  }

  /** Closes if no request is in flight; otherwise the response to it will be the last. */
  stop(): void {
    if (this.state !== "idle" || !this.#parser.idle) return;
    this.go("closing");
    this.socket.destroySoon();
  }

  destroy(): void {
    this.socket.destroy();
  }

  /** Called at each tick of the server's clock. */
  checkDeadlines(now: number): void {
    if (now >= this.writeBy) this.socket.destroy();
    else if (now >= this.readBy) this.#readTimedOut();
  }

  // For exchanges

  admit(): void {
    this.#server.admit(this);
  }

  feed(): void {
    this.advance();
  }

  // Events of the socket

  #received(bytes: Buffer): void {
    // After the last response, what still arrives is read only so that the close is no reset, which
    // could take the response from the client (RFC 9112, 9.6).
    if (isClosing(this.state)) return;
    this.#parser.push(bytes);
    this.advance();
    if (this.#parser.buffered > this.limits.maxBufferedBytes) this.pause();
  }

  #inputEnd(): void {
    this.#inputEnded = true;
    if (isClosing(this.state)) return;
    this.#parser.end();
    this.advance();
  }

  #drained(): void {
    if (!this.out.wake() && !isClosing(this.state)) this.advance();
  }

  #closed(): void {
    const isAnswered = this.state === "dropping";
    this.go("gone");
    this.#server.forget(this);
    if (!isAnswered) this.exchange?.lose();
    this.out.wake();
  }

  #readTimedOut(): void {
    const timeout = new HttpError("REQUEST_TIMEOUT");
    this.readBy = NEVER;
    if (this.exchange !== undefined) {
      this.exchange.body?.fail(timeout);
      this.contentOver(this.exchange);
    } else if (this.state === "head") this.reject(timeout, this.#parser.method);
    else if (this.out.pending) this.limitWriting();
    else this.close();
  }

  // Requests

  /** Reads what has arrived, until it must wait for bytes, for a handler, or for the client to read. */
  protected override advance(): void {
    this.#stopBodyClock();
    do {
      while (this.#isReading()) {
        const event = this.#parser.next();
        if (event === undefined) break;
        this.#take(event);
      }
    } while (this.state === "holding" && this.sendHeld(this.exchange as Exchange));
    this.#rest();
  }

  #isReading(): boolean {
    switch (this.state) {
      case "idle":
      case "head":
      case "dropping":
        return !this.out.blocked;
      case "holding":
        return true;
      case "handling":
      case "sending":
        return this.exchange?.body?.wanted ?? false;
      default:
        return false;
    }
  }

  /** The one consumer of the parser's events. */
  #take(event: RequestEvent): void {
    if (event.type === "head") {
      this.exchange = new Exchange(event, this.host, this);
      // Without content, its end is the next event, and already here.
      if (event.hasBody) this.#handle(this.exchange);
      return;
    }
    const exchange = this.exchange;
    if (exchange === undefined) {
      if (event.type === "error") this.reject(event.error, event.method);
      return;
    }
    const { body } = exchange;
    if (event.type === "body") {
      body?.push(event.bytes);
      if (body && body.droppedBytes > this.limits.maxDiscardBytes) this.contentOver(exchange);
    } else if (event.type === "error") {
      body?.fail(event.error);
      this.contentOver(exchange);
    } else if (body === undefined) {
      this.#handle(exchange);
    } else {
      body.end(event.trailers);
      this.contentOver(exchange);
    }
  }

  /** Settles what the connection waits for next. */
  #rest(): void {
    const body = this.exchange?.body;
    switch (this.state) {
      case "handling":
      case "sending":
      case "holding":
        if (body && (body.wanted || this.state === "holding")) this.awaitBytes(body.msLeft);
        this.out.flushSoon();
        return;
      case "dropping":
        if (body?.expectsContinue) this.close();
        else if (!this.flush() && body) this.awaitBytes(body.msLeft);
        return;
      case "idle":
      case "head":
        if (!this.flush()) this.#awaitRequest();
    }
  }

  #awaitRequest(): void {
    if (!this.#parser.idle) {
      if (this.state === "head" && this.readBy !== NEVER) return;
      if (this.state === "idle") this.go("head");
      this.awaitBytes(this.limits.headerTimeoutMs);
    } else if (this.#inputEnded || this.host.stopping) {
      this.close();
    } else {
      if (this.state === "head") this.go("idle");
      this.awaitBytes(this.limits.idleTimeoutMs);
    }
  }

  /** Only the time that is spent waiting for content counts against its timeout. */
  #stopBodyClock(): void {
    const body = this.exchange?.body;
    if (body === undefined || this.readBy === NEVER) return;
    body.msLeft = this.readBy - this.after(0);
    this.readBy = NEVER;
  }

  #handle(exchange: Exchange): void {
    this.go("handling");
    this.readBy = NEVER;
    this.requests++;
    const result = exchange.handle();
    if (result instanceof HttpResponse) {
      this.respond(exchange, result);
      return;
    }
    void result.then((response) => {
      if (this.state !== "handling") return; // The client is gone.
      this.respond(exchange, response);
      this.advance();
    });
  }
}

function ignore(): void {
  // "close" follows, and says all there is to know.
}
