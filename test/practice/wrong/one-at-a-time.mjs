/** Serves one client after the other: the next has to wait until this one has gone. */
import { inTurn, start } from "./right.mjs";

start({ onClient: inTurn(() => {}) });
