// Loopback addresses that no other program uses, for scans and for servers that expect no other client.

import { SocketError } from "../sockets/errors";
import { listen } from "../sockets/tcp";

/** All of 127.0.0.0/8 is loopback (RFC 1122, 3.2.1.3). Linux has every address of it; macOS the first only. */
const OWN = "127.0.0.8";
const EVERYBODYS = "127.0.0.1";

/** `127.0.0.8`, the same every time; or `127.0.0.1` where the system has no other loopback address. */
export function ownAddress(): Promise<string> {
  return ifThere(OWN);
}

/**
 * Another address each time, such as `127.83.201.17`: two that draw one at the same time, in one program or in
 * two, have the same by a chance of 1 to 16 million. `127.0.0.1` where the system has no other loopback address.
 */
export function unsharedAddress(): Promise<string> {
  return ifThere(drawnAddress());
}

/** A random loopback address. Where the system has the first one only, no program can use it. */
export function drawnAddress(): string {
  const byte = () => 1 + Math.floor(Math.random() * 254);
  return `127.${byte()}.${byte()}.${byte()}`;
}

async function ifThere(host: string): Promise<string> {
  try {
    await (await listen({ host, port: 0 })).close();
    return host;
  } catch (error) {
    if (error instanceof SocketError && error.code === "ADDRESS_NOT_AVAILABLE") return EVERYBODYS;
    throw error;
  }
}
