/** A short hash that tells one version of a cell's source from another. */
import { createHash } from "node:crypto";

const hashes = new Map<string, string>();
const MAX_HASHES = 1_000;

/** The first 16 characters of the SHA-256 of `source`, as base64url. */
export function sourceHash(source: string): string {
  const known = hashes.get(source);
  if (known !== undefined) return known;
  const hash = createHash("sha256").update(source).digest("base64url").slice(0, 16);
  if (hashes.size >= MAX_HASHES) hashes.clear();
  hashes.set(source, hash);
  return hash;
}
