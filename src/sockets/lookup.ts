/** From host names to addresses, for datagrams. */
import { lookup } from "node:dns";
import { isIP } from "node:net";

export interface Resolved {
  readonly address: string;
  readonly family: "IPv4" | "IPv6";
}

/**
 * The first address of a name in the given family, or in either; an address is its own answer.
 * Rejects with an error of the system: ENOTFOUND, EAI_AGAIN, or EAFNOSUPPORT for an address of the
 * other family.
 */
export async function resolve(
  host: string,
  family: "IPv4" | "IPv6" | undefined,
): Promise<Resolved> {
  const wanted = family === undefined ? 0 : family === "IPv6" ? 6 : 4;
  const literal = isIP(host);
  if (literal !== 0) {
    if (wanted === 0 || wanted === literal) return { address: host, family: named(literal) };
    const error = new Error(`${host} is not an IPv${wanted} address`);
    throw Object.assign(error, { code: "EAFNOSUPPORT" });
  }
  return new Promise((found, reject) => {
    lookup(host, { family: wanted }, (error, address, which) => {
      if (error) reject(error);
      else found({ address, family: named(which) });
    });
  });
}

function named(family: number): "IPv4" | "IPv6" {
  return family === 6 ? "IPv6" : "IPv4";
}
