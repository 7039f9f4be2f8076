/**
 * Keeps a server on this machine closed to pages of other sites. A browser lets such a page send
 * requests to any address, and reads it the answers in one case: DNS rebinding, in which the page's
 * own name, say evil.example, is made to lead to 127.0.0.1. The browser then takes our server for
 * evil.example, and says so in Host. A request for an IP address or for localhost cannot be rebound.
 */

import { isIP } from "node:net";
import { HttpError } from "./http-error";
import type { RequestHead } from "./request-head";
import type { ResponseFields } from "./response";

/** For responses: content is what its type says, no other site embeds it, frames it, or learns of it. */
export const CLOSED_FIELDS: ResponseFields = {
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
};

/**
 * Why a request comes from a page of another site, or undefined.
 * @param names by which the server may be asked, beside localhost and IP addresses
 */
export function judgeSite(head: RequestHead, names: readonly string[]): HttpError | undefined {
  const { host } = head;
  // HTTP/1.0 without a Host field comes from no browser.
  if (host !== "" && !isOwnHost(host, names)) return new HttpError("WRONG_HOST");
  // Browsers send Origin with what a page does beyond asking for a page or picture (RFC 6454, 7).
  const origin = head.fields.get("origin");
  if (origin === undefined || origin.toLowerCase() === `http://${host.toLowerCase()}`)
    return undefined;
  return new HttpError("WRONG_ORIGIN");
}

function isOwnHost(host: string, names: readonly string[]): boolean {
  const name = host.replace(/:\d*$/, "").toLowerCase();
  const bare = name.replace(/\.$/, "");
  if (isIP(name) !== 0 || /^\[.*\]$/.test(name)) return true;
  if (bare === "localhost" || bare.endsWith(".localhost")) return true; // RFC 6761, 6.3
  return names.some((own) => own.toLowerCase() === bare);
}
