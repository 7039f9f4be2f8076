/**
 * Entity tags, by which a client says which version it means (RFC 9110, 8.8.3):
 *
 *     entity-tag = [ "W/" ] opaque-tag
 *     opaque-tag = DQUOTE *etagc DQUOTE
 *     etagc      = %x21 / %x23-7E / obs-text      ; visible, no double quote; a comma may be in it
 */

export interface EntityTag {
  readonly weak: boolean;
  /** Between the quotes. */
  readonly opaque: string;
}

const MEMBER = /[\t ]*(?:(W\/)?"([\x21\x23-\x7e\x80-\xff]*)")?[\t ]*(?:,|$)/y;

/** The tag as a field value. @throws TypeError for characters that no tag has */
export function formatEntityTag({ weak, opaque }: EntityTag): string {
  if (!/^[\x21\x23-\x7e\x80-\xff]*$/.test(opaque)) {
    throw new TypeError(`${JSON.stringify(opaque)} cannot be an entity tag`);
  }
  return `${weak ? "W/" : ""}"${opaque}"`;
}

/**
 * The value of If-Match or If-None-Match: "*", or tags (RFC 9110, 13.1.1 and 13.1.2). Undefined when
 * it is neither.
 */
export function parseEntityTags(value: string): "*" | readonly EntityTag[] | undefined {
  if (value.trim() === "*") return "*";
  const tags: EntityTag[] = [];
  MEMBER.lastIndex = 0;
  // Empty members of a list are passed over (RFC 9110, 5.6.1.2).
  while (MEMBER.lastIndex < value.length) {
    const match = MEMBER.exec(value);
    if (match === null) return undefined;
    const [, weak, opaque] = match;
    if (opaque !== undefined) tags.push({ weak: weak !== undefined, opaque });
  }
  // No tag at all is invalid, and 400 for the client: the list needs a member that is not empty (RFC 9110, 5.6.1.2).
  return tags.length > 0 ? tags : undefined;
}

/** For ranges and for changes: the same bytes, and neither tag is weak (RFC 9110, 8.8.3.2). */
export function matchesStrongly(a: EntityTag, b: EntityTag): boolean {
  return !a.weak && !b.weak && a.opaque === b.opaque;
}

/** For caches: as good as the same. */
export function matchesWeakly(a: EntityTag, b: EntityTag): boolean {
  return a.opaque === b.opaque;
}
