// The answer to `open_resources_request`, this kernel's own request on the shell channel.

/** Something that a cell opened and that is still open. */
export interface OpenResource {
  /** "tcp server", "tcp socket", "udp socket", "timer", "child process", ... */
  kind: string;
  /** "listening on 127.0.0.1:8080" */
  detail: string;
  /** The cell that opened it, or after which it was first seen: its id, or "In [n]". */
  cell?: string;
}
