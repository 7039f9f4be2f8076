/** One end of a connection: the address and port that tell it from every other socket. */
/** An address and a port, as `getsockname` and `getpeername` report them. */
export interface Endpoint {
  /** The numeric address: `127.0.0.1`, `::1`. */
  readonly host: string;
  /** 0 to 65535. */
  readonly port: number;
  readonly family: "IPv4" | "IPv6";
}

/** Where to: a host name or numeric address, and a port. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/**
 * Writes an endpoint as URLs do: `127.0.0.1:8080`, `example.org:80`, and an IPv6 address in
 * brackets, `[::1]:8080`, since its own colons would hide the port (RFC 3986, section 3.2.2).
 */
export function formatEndpoint(endpoint: Address): string {
  const { host, port } = endpoint;
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/**
 * The endpoint that Node reports for a socket; all zero when it could not tell. Node gives the
 * family as a string, as a number in some versions' `address()`, or not at all.
 */
export function endpointOf(
  host: string | undefined,
  port: number | undefined,
  family?: string | number,
): Endpoint {
  const address = host ?? "0.0.0.0";
  const six = family === undefined ? address.includes(":") : family === "IPv6" || family === 6;
  return { host: address, port: port ?? 0, family: six ? "IPv6" : "IPv4" };
}

/** True if an address means all addresses of this machine. */
export function isWildcard(host: string): boolean {
  return host === "0.0.0.0" || host === "::";
}
