/** Every limit of recording and drawing, with its unit in its name. */

/** Bytes of each send and receive that a recording keeps. */
export const HEAD_BYTES = 1024;

/** After this many events a recorder only counts: it must not grow without end. */
export const RECORDED_EVENTS_MAX = 10_000;

/** Rows that a drawing has at most, unless asked otherwise; the middle of a longer one is left out. */
export const DRAWN_ROWS_MAX = 80;

/** Of a drawing too long, this share of the rows is kept from the beginning. */
export const KEPT_FROM_START_SHARE = 0.6;

/** Repeats from which on a cycle is drawn once. */
export const FOLDED_REPEATS_MIN = 3;

/** The longest cycle that is looked for, in rows. */
export const CYCLE_ROWS_MAX = 16;

/** In drawings longer than this, repeats are folded even if the numbers in their texts differ. */
export const FOLD_NUMBERED_ROWS_MIN = 30;

/** Unnamed clients that get a lifeline of their own; any further ones share one. */
export const OWN_LIFELINE_CLIENTS_MAX = 4;

/** Ports from here on are taken to be chosen by the system (Linux's default range; IANA: 49152). */
export const SYSTEM_PORT_MIN = 32_768;

/** Receives of one run in sum below this many bytes are drawn one by one. */
export const SINGLE_RECEIVES_BYTES_MAX = 4096;

/** Columns of the text form, and the fewest in which lifelines can stand side by side. */
export const TEXT_COLUMNS = 80;
export const TEXT_COLUMNS_MIN = 40;
export const TEXT_GAP_COLUMNS_MIN = 16;

/** Columns of a participant's name. */
export const NAME_COLUMNS_MAX = 26;
