import type { Ended } from "../in-process";

/** @param flaw its name, or `none` */
export function scan(flaw: string, argv: readonly string[], signal: AbortSignal): Promise<Ended>;
