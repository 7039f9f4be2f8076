// A loopback address for programs that knock at every door: no other program of this machine is behind it.

import { SocketError } from "../sockets/errors";
import { listen } from "../sockets/tcp";

/** All of 127.0.0.0/8 is loopback (RFC 1122, 3.2.1.3). Linux has every address of it; macOS the first only. */
const OWN = "127.0.0.8";
const EVERYBODYS = "127.0.0.1";

/** `127.0.0.8`, or `127.0.0.1` where the system has no other loopback address. */
export async function ownAddress(): Promise<string> {
  try {
    await (await listen({ host: OWN, port: 0 })).close();
    return OWN;
  } catch (error) {
    if (error instanceof SocketError && error.code === "ADDRESS_NOT_AVAILABLE") return EVERYBODYS;
    throw error;
  }
}
