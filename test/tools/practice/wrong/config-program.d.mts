import type { Main } from "../../../../src/program/program";

/** @param flaw its name, or `none` */
export function server(flaw: string): Main;
