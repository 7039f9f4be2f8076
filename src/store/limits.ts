/** Every limit of the store, in one place. */

const MIB = 1024 * 1024;

/** Characters of a device name. */
export const NAME_MAX_CHARACTERS = 64;
/** Changes that share their syncs; those beyond wait for the next group. */
export const GROUP_MAX_CHANGES = 256;
/** Content of one group; a single change may be larger. */
export const GROUP_MAX_BYTES = 16 * MIB;
/** Content kept in memory so that what is read often is not read from the disk. */
export const CACHE_MAX_BYTES = 16 * MIB;
