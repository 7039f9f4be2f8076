/** Every judge that there is, in the order of the parts. */
import type { Judge } from "./judge";
import { answererJudge } from "./judges/00-answerer";
import { endpointsJudge } from "./judges/01-endpoints";
import { lineServerJudge } from "./judges/02-line-server";
import { reliableJudge } from "./judges/03-reliable";
import { httpLengthJudge } from "./judges/04-http-length-client";
import { safeFetchJudge } from "./judges/05-safe-fetch";
import { HTTP_SERVER } from "./judges/06-http-server";
import { limitedServerJudge } from "./judges/07-limited-server";
import { PORT_SCANNER } from "./judges/08-port-scanner";
import { CONFIG_SERVER } from "./judges/09-configuration-server";

export const JUDGES: readonly Judge[] = [
  answererJudge,
  endpointsJudge,
  lineServerJudge,
  reliableJudge,
  httpLengthJudge,
  safeFetchJudge,
  HTTP_SERVER,
  limitedServerJudge,
  PORT_SCANNER,
  CONFIG_SERVER,
];

/** The judge of a part, named as `06`, `6`, `06-http-server-challenge` or `practice/06-http-server-challenge.ipynb`. */
export function findJudge(name: string, judges = JUDGES): Judge | undefined {
  const [, digits] =
    /^(\d+)(?:-.*)?$/.exec(name.replaceAll("\\", "/").split("/").at(-1) ?? "") ?? [];
  return judges.find(({ part }) => digits !== undefined && Number(part) === Number(digits));
}
