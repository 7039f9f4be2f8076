/** Every limit of the store, in one place. */

const KIB = 1024;
const MIB = 1024 * KIB;

/** Characters of a device name. */
export const NAME_MAX_CHARACTERS = 64;
/** Changes that share their syncs; those beyond wait for the next group. */
export const GROUP_MAX_CHANGES = 256;
/** Content of one group; a single change may be larger. */
export const GROUP_MAX_BYTES = 16 * MIB;
/** Content kept in memory so that what is read often is not read from the disk. */
export const CACHE_MAX_BYTES = 16 * MIB;
/** Larger content is never in memory as a whole: it is received into a file, and sent from one. */
export const IN_MEMORY_MAX_BYTES = 64 * KIB;
/** Read from a file, or written to one, at a time. */
export const PIECE_BYTES = 256 * KIB;
/** The index of the largest group is shorter. */
export const INDEX_MAX_BYTES = 512 * KIB;
/** Larger numbers are no names of packs. A thousand groups a second take 31 years to get there. */
export const PACK_MAX_NUMBER = 999_999_999_999;
/** Of a line only so much is looked through, for secrets and for what is searched; the rest is passed over. */
export const LINE_MAX_CHARACTERS = 16 * KIB;
/** Of the lines that contain a text, shown of one configuration. */
export const FOUND_MAX_LINES = 1_000;
export const FOUND_MAX_CHARACTERS = 64 * KIB;
/** Of one such line. */
export const FOUND_LINE_MAX_CHARACTERS = KIB;
