/** Judges Part 10: three small exercises through `dns_by_hand`, then the challenge, `dns_server` in ten steps. */
import type { Judge } from "../../judging/judge";
import { BY_HAND } from "./by-hand";
import { FORWARD_STEPS } from "./forward-steps";
import { SERVER } from "./server-check";
import { STAGES } from "./stages";
import { TRANSPORT_STEPS } from "./transport-steps";
import { ZONE_STEPS } from "./zone-steps";

export const dnsServerJudge: Judge = {
  part: "10",
  kind: "challenge",
  task: "a lookup by hand and a name server",
  programs: [SERVER, "dns_by_hand"],
  command: true,
  stages: STAGES,
  steps: [...BY_HAND, ...ZONE_STEPS, ...TRANSPORT_STEPS, ...FORWARD_STEPS],
};
