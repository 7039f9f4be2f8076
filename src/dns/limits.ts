/** Every limit of DNS names, messages and caches, with its unit in its name. */

/** RFC 1035, 2.3.4. */
export const LABEL_MAX_BYTES = 63;

/** A name on the wire, with its length bytes and the final 0 (RFC 1035, 2.3.4). */
export const NAME_MAX_BYTES = 255;

/** The largest UDP message to a peer that has not said that it takes more (RFC 1035, 4.2.1). */
export const PLAIN_UDP_MAX_BYTES = 512;

/** What we say that we take over UDP: it fits every path without fragments (RFC 9715, appendix A). */
export const EDNS_UDP_BYTES = 1232;

/** What a length of 16 bits can say, over TCP (RFC 1035, 4.2.2). */
export const MESSAGE_MAX_BYTES = 65_535;

/** One string of a TXT record: its length is one byte (RFC 1035, 3.3). */
export const STRING_MAX_BYTES = 255;

/** A TTL above this counts as 0 (RFC 2181, 8). */
export const TTL_MAX_SECONDS = 2 ** 31 - 1;

/** An answer is kept no longer than a day, and its absence no longer than three hours (RFC 2308, 5). */
export const CACHE_TTL_MAX_SECONDS = 86_400;
export const NEGATIVE_TTL_MAX_SECONDS = 10_800;

/** Answers in a cache; the one that was used longest ago makes room. */
export const CACHE_MAX_ENTRIES = 10_000;

/** Aliases that are followed for one question: a chain of them may be a circle. */
export const ALIASES_MAX = 8;

/** Bytes of a zone file. */
export const ZONE_FILE_MAX_BYTES = 4 * 1024 * 1024;
