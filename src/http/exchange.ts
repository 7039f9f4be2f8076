/** One request in hand, from its head to the end of its response. */

import type { Endpoint } from "../sockets/endpoint";
import {
  type ErrorResponse,
  errorResponse,
  expectsContinue,
  judgeRequest,
  optionsResponse,
} from "./exchange-rules";
import { ClientGone, HttpError } from "./http-error";
import { HttpRequest, type RequestOrigin } from "./http-request";
import { type BodyFeed, IncomingBody } from "./incoming-body";
import type { HttpLimits } from "./limits";
import type { RequestHead } from "./request-head";
import { HttpResponse } from "./response";
import { release } from "./response-body";

/** Answers a request; what it throws becomes a 500, or the status of an HttpError. */
export type Handler = (request: HttpRequest) => HttpResponse | Promise<HttpResponse>;

/** What a server decides for all its exchanges. */
export interface ExchangeHost {
  readonly limits: HttpLimits;
  readonly handler: Handler;
  readonly methods: ReadonlySet<string>;
  readonly hosts: readonly string[] | undefined;
  readonly errorResponse: ErrorResponse;
  /** True if the handler answers `OPTIONS *`. */
  readonly asterisk: boolean;
  report(error: unknown, request: HttpRequest | undefined): void;
}

/** What an exchange needs of its connection. */
export interface ExchangeConnection extends BodyFeed {
  readonly remote: Endpoint;
  admit(): void;
}

export class Exchange implements RequestOrigin {
  readonly request: HttpRequest;
  /** Undefined for a request without content. */
  readonly body: IncomingBody | undefined;
  /** In state "holding": the response that waits for the end of the request. */
  held: HttpResponse | undefined;
  #abort: AbortController | undefined;
  #lost = false;

  constructor(
    readonly head: RequestHead,
    private readonly host: ExchangeHost,
    private readonly connection: ExchangeConnection,
  ) {
    this.body = head.hasBody
      ? new IncomingBody(connection, expectsContinue(head), host.limits.bodyTimeoutMs)
      : undefined;
    this.request = new HttpRequest(head, this.body, this);
  }

  get remote(): Endpoint {
    return this.connection.remote;
  }

  get maxBodyBytes(): number {
    return this.host.limits.maxBodyBytes;
  }

  admit(): void {
    this.connection.admit();
  }

  abortSignal(): AbortSignal {
    if (this.#abort === undefined) {
      this.#abort = new AbortController();
      if (this.#lost) this.#abort.abort(new ClientGone());
    }
    return this.#abort.signal;
  }

  /** The response: the server's own where it decides, else the handler's. The promise never rejects. */
  handle(): HttpResponse | Promise<HttpResponse> {
    const { head, host } = this;
    const error = judgeRequest(head, host);
    if (error !== undefined) return this.failure(error);
    if (head.pathAndQuery === "*" && !host.asterisk) return optionsResponse(host.methods);
    try {
      const result = host.handler(this.request);
      if (result instanceof HttpResponse) return result;
      return Promise.resolve(result).then(
        (response) => this.#settled(response),
        (error: unknown) => this.failure(error),
      );
    } catch (error) {
      return this.failure(error);
    }
  }

  /** The response in place of one that could not be made or sent. */
  failure(error: unknown): HttpResponse {
    const isExpected = error instanceof HttpError || (this.#lost && error instanceof ClientGone);
    if (!isExpected) this.host.report(error, this.request);
    return errorResponse(error, this.host.errorResponse);
  }

  /** The connection closed before the response was sent. */
  lose(): void {
    this.#lost = true;
    const reason = new ClientGone();
    this.#abort?.abort(reason);
    this.body?.fail(reason);
  }

  #settled(response: HttpResponse): HttpResponse {
    if (!(response instanceof HttpResponse)) {
      return this.failure(
        new TypeError("the handler must return an HttpResponse: response(200, ...)"),
      );
    }
    if (this.#lost) release(response.body);
    return response;
  }
}
