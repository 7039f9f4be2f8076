/** Where a name server is, as a person writes it. */
import { isIPv6 } from "node:net";
import type { Address } from "../sockets/endpoint";
import { PORT_MAX } from "../sockets/limits";

/** The port of DNS; the one that `HOST` without a port means. */
export const DNS_PORT = 53;

/** Reads `127.0.0.1:5300`, `[::1]:5300`, `ns.example` or `::1`; undefined for anything else. */
export function parseServer(text: string): Address | undefined {
  if (isIPv6(text)) return { host: text, port: DNS_PORT };
  const [, bracketed, plain, digits] =
    /^(?:\[([^[\]]+)\]|([^\s:[\]]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const host = plain ?? bracketed;
  const port = digits === undefined ? DNS_PORT : Number(digits);
  if (host === undefined || port < 1 || port > PORT_MAX) return undefined;
  return plain !== undefined || isIPv6(host) ? { host, port } : undefined;
}
