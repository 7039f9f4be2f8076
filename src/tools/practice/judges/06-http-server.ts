/** The challenge of Part 6: an HTTP server from scratch; and beyond it, one that is safe as it stands. */
import type { Judge } from "../judge";
import { ANSWERS } from "./http-server/answers";
import { CLIENTS } from "./http-server/clients";
import { CONNECTIONS } from "./http-server/connections";
import { FIRST_ANSWERS } from "./http-server/first-answers";
import { LIMITS } from "./http-server/limits";
import { MARKUP, NO_MARKUP } from "./http-server/markup";
import { METHODS } from "./http-server/methods";
import { HALF_REQUESTS, REFUSALS } from "./http-server/refusals";
import { ROBUST } from "./http-server/robust";

export const HTTP_SERVER: Judge = {
  part: "06",
  kind: "challenge",
  task: "an HTTP server from scratch",
  programs: ["http_server"],
  remote: true,
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
