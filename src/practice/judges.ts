/** Every judge that there is, in the order of the parts. */
import type { Judge } from "./judge";
import { HTTP_SERVER } from "./judges/06-http-server";
import { PORT_SCANNER } from "./judges/08-port-scanner";
import { CONFIG_SERVER } from "./judges/09-configuration-server";

export const JUDGES: readonly Judge[] = [HTTP_SERVER, PORT_SCANNER, CONFIG_SERVER];

/** The judge of a part, named as `06`, `6`, `06-http-server-challenge` or `practice/06-http-server-challenge.ipynb`. */
export function findJudge(name: string, judges = JUDGES): Judge | undefined {
  const [, digits] =
    /^(\d+)(?:-.*)?$/.exec(name.replaceAll("\\", "/").split("/").at(-1) ?? "") ?? [];
  return judges.find(({ part }) => digits !== undefined && Number(part) === Number(digits));
}
