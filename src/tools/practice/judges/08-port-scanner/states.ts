/** What a scan says of a port. */

/** What a scanner may say of a port; the last: it is in none of the lists. */
const STATES = ["open", "closed", "filtered", "unreachable", "not reported"] as const;
export type State = (typeof STATES)[number];
