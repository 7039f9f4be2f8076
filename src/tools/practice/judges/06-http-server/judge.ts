/** The challenge of Part 6: an HTTP server from scratch; and beyond it, one that is safe as it stands. */
import type { Judge } from "../../judging/judge";
import { HALF_REQUESTS, REFUSALS } from "./bad-requests";
import { CLIENTS } from "./clients";
import { CONNECTIONS } from "./connections";
import { FIRST_ANSWERS } from "./first-responses";
import { LIMITS } from "./limits";
import { MARKUP, NO_MARKUP } from "./markup";
import { METHODS } from "./methods";
import { ANSWERS } from "./responses";
import { ROBUST } from "./robustness";
import { STAGES } from "./stages";

export const HTTP_SERVER: Judge = {
  part: "06",
  kind: "challenge",
  task: "an HTTP server from scratch",
  programs: ["http_server"],
  remote: true,
  stages: STAGES,
  steps: [
    ...FIRST_ANSWERS,
    ...ANSWERS,
    ...CLIENTS,
    MARKUP,
    NO_MARKUP,
    ...METHODS,
    ...REFUSALS,
    ...HALF_REQUESTS,
    ...CONNECTIONS,
    ...LIMITS,
    ...ROBUST,
  ],
};
