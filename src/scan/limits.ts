/** The limits of a scan, in one place. */

/** Addresses that one scan may have: a /16. */
export const TARGETS_MAX = 65_536;
/** Probes (addresses times ports) that one scan may have: a /24 with every port. A byte or two each. */
export const PROBES_MAX = 2 ** 24;

/** Probes in flight at once. */
export const CONCURRENCY_DEFAULT = 500;
/** The same for this machine itself, which answers at once: fewer sockets stay in the cache. */
export const CONCURRENCY_HERE_DEFAULT = 64;
export const CONCURRENCY_MAX = 20_000;
/** The time that a probe waits for an answer. */
export const TIMEOUT_DEFAULT_MS = 1_000;
export const TIMEOUT_MAX_MS = 60_000;
/** One clock for all probes of a thread ticks this often in that time: cheaper than a timer for each. */
export const AGES_MAX = 10;
/** A doubtful port is asked again this often. */
export const RETRIES = 1;
/** A doubtful port is given this many times as long to answer. */
export const RETRY_PATIENCE = 2;
/** Probes per second. */
export const RATE_MAX = 1_000_000;

/** A scan with fewer probes is over before another thread has started. */
export const PROBES_PER_THREAD_MIN = 4_096;
export const THREADS_MAX = 8;
/** A thread takes descriptors of its own: with fewer sockets for it than these it is not worth them. */
export const SOCKETS_PER_THREAD_MIN = 16;

/** Services that are asked for their banner at once. */
export const BANNER_PROBES_MAX = 32;

/** The pause before a probe is repeated when the system has no descriptor, port or buffer to spare. */
export const PAUSE_MS = 50;
/** When it has had none for this long, it will have none later either. */
export const SHORTAGE_MAX_MS = 5_000;

/** Files that the program needs beside its probes: standard streams, threads, a resolver. */
export const RESERVED_FILES = 64;

/** The interval at which progress is reported. */
export const PROGRESS_INTERVAL_MS = 100;
