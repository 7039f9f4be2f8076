/** Every judge that there is, in the order of the parts. */
import type { Judge } from "../judging/judge";
import { answererJudge } from "./00-answerer/judge";
import { endpointsJudge } from "./01-endpoints/judge";
import { lineServerJudge } from "./02-line-server/judge";
import { reliableJudge } from "./03-reliable/judge";
import { httpLengthJudge } from "./04-http-length-client/judge";
import { safeFetchJudge } from "./05-safe-fetch/judge";
import { HTTP_SERVER } from "./06-http-server/judge";
import { limitedServerJudge } from "./07-limited-server/judge";
import { PORT_SCANNER } from "./08-port-scanner/judge";
import { CONFIG_SERVER } from "./09-configuration-server/judge";
import { dnsServerJudge } from "./10-dns-server/judge";

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
  dnsServerJudge,
];

/** The judge of a part, named as `06`, `6`, `06-http-server-challenge` or `practice/06-http-server-challenge.ipynb`. */
export function findJudge(name: string, judges = JUDGES): Judge | undefined {
  const [, digits] =
    /^(\d+)(?:-.*)?$/.exec(name.replaceAll("\\", "/").split("/").at(-1) ?? "") ?? [];
  return judges.find(({ part }) => digits !== undefined && Number(part) === Number(digits));
}
