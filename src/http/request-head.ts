/** The head of a request: its request line and fields, and what they say about the rest. */

import { Fields } from "./fields";
import type { Target, TargetForm } from "./target";
import { parseTarget } from "./target";

export class RequestHead {
  readonly type = "head";
  #fields: Fields | undefined;
  #target: Target | undefined;

  /**
   * @param bytes hold the field lines from `fieldsStart` to `fieldsEnd`; they are decoded when asked for
   */
  constructor(
    private readonly bytes: Buffer,
    private readonly fieldsStart: number,
    private readonly fieldsEnd: number,
    /** The method as sent; methods are case-sensitive (RFC 9110, 9.1). */
    readonly method: string,
    /** The request target as sent. */
    readonly target: string,
    /** 1 for HTTP/1.1, 0 for HTTP/1.0; a higher minor version counts as 1 (RFC 9110, 2.5). */
    readonly minorVersion: 0 | 1,
    /** Content-Length in bytes, or -1 without one. */
    readonly contentLength: number,
    /** Whether the content comes in chunks. */
    readonly chunked: boolean,
    /** Whether the client wants the connection kept (RFC 9112, 9.3). */
    readonly keepAlive: boolean,
    /** Expect in lower case, its lines joined with ","; undefined without one. */
    readonly expect: string | undefined,
  ) {}

  get fields(): Fields {
    this.#fields ??= new Fields(this.bytes.toString("latin1", this.fieldsStart, this.fieldsEnd));
    return this.#fields;
  }

  get form(): TargetForm {
    return this.#parsed.form;
  }

  /** Path and query: the target in origin-form, whatever form it came in. */
  get pathAndQuery(): string {
    return this.target.charCodeAt(0) === 0x2f ? this.target : this.#parsed.pathAndQuery;
  }

  /**
   * Host and port that the request is for: the target's own, else the Host field's
   * (RFC 9112, 3.2.2 and 3.3); "" in HTTP/1.0 without either.
   */
  get host(): string {
    return this.#parsed.authority ?? this.fields.get("host") ?? "";
  }

  /** Whether the framing announces content, though it may turn out empty. */
  get hasBody(): boolean {
    return this.chunked || this.contentLength > 0;
  }

  get #parsed(): Target {
    if (this.#target === undefined) {
      const parsed = parseTarget(this.method, this.target);
      if (parsed instanceof Error) throw parsed;
      this.#target = parsed;
    }
    return this.#target;
  }
}
