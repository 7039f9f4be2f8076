/** From host names to addresses, for datagrams. */
import { lookup } from "node:dns";
import { isIP } from "node:net";

/** The first address of a name, or the address itself; in the given family if there is one. */
export async function resolve(
  host: string,
  family: "IPv4" | "IPv6" | undefined,
): Promise<{ address: string; family: "IPv4" | "IPv6" }> {
  const wanted = family === undefined ? 0 : family === "IPv6" ? 6 : 4;
  return new Promise((found, reject) => {
    quickLookup(host, { family: wanted }, (error, address, which) => {
      if (error) reject(error);
      else found({ address, family: which === 6 ? "IPv6" : "IPv4" });
    });
  });
}

type LookupCallback = (
  error: NodeJS.ErrnoException | null,
  address: string,
  family: number,
) => void;

/** Node's lookup, but an address is its own answer at once: no detour for every datagram. */
export function quickLookup(
  host: string,
  options: { family?: number | "IPv4" | "IPv6" } | number,
  callback: LookupCallback,
): void {
  const wanted = typeof options === "number" ? options : (options.family ?? 0);
  const family = isIP(host);
  if (family === 0) {
    lookup(host, { family: wanted }, callback);
  } else if (wanted === 0 || wanted === family) {
    callback(null, host, family);
  } else {
    const error = new Error(`${host} is not an IPv${wanted} address`);
    callback(Object.assign(error, { code: "EAFNOSUPPORT" }), host, family);
  }
}
