/** The exercises of the parts: the judge of each, and the programs of its notebook that solve it. */
import { main as answerer } from "../../../dist/answerer";
import { main as dns_by_hand } from "../../../dist/dns_by_hand";
import { main as dns_server } from "../../../dist/dns_server";
import { main as endpoints } from "../../../dist/endpoints";
import { main as http_length_client } from "../../../dist/http_length_client";
import { main as limited_server } from "../../../dist/limited_server";
import { main as line_client } from "../../../dist/line_client";
import { main as line_server } from "../../../dist/line_server";
import { main as reliable_receiver } from "../../../dist/reliable_receiver";
import { main as reliable_sender } from "../../../dist/reliable_sender";
import { main as safe_fetch } from "../../../dist/safe_fetch";
import type { Main } from "../../../src/program/program";
import { answererJudge } from "../../../src/tools/practice/judges/00-answerer/judge";
import { endpointsJudge } from "../../../src/tools/practice/judges/01-endpoints/judge";
import { lineServerJudge } from "../../../src/tools/practice/judges/02-line-server/judge";
import { reliableJudge } from "../../../src/tools/practice/judges/03-reliable/judge";
import { httpLengthJudge } from "../../../src/tools/practice/judges/04-http-length-client/judge";
import { safeFetchJudge } from "../../../src/tools/practice/judges/05-safe-fetch/judge";
import { limitedServerJudge } from "../../../src/tools/practice/judges/07-limited-server/judge";
import { dnsServerJudge } from "../../../src/tools/practice/judges/10-dns-server/judge";
import type { Judge } from "../../../src/tools/practice/judging/judge";

export interface Exercise {
  readonly judge: Judge;
  readonly solution: Readonly<Record<string, Main>>;
}

export const exercises: readonly Exercise[] = [
  { judge: answererJudge, solution: { answerer } },
  { judge: endpointsJudge, solution: { endpoints } },
  { judge: lineServerJudge, solution: { line_server, line_client } },
  {
    judge: reliableJudge,
    solution: { reliable_receiver, reliable_sender },
  },
  { judge: httpLengthJudge, solution: { http_length_client } },
  { judge: safeFetchJudge, solution: { safe_fetch } },
  { judge: limitedServerJudge, solution: { limited_server } },
  { judge: dnsServerJudge, solution: { dns_server, dns_by_hand } },
];
