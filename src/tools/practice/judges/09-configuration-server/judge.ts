/** Judges the challenge of Part 9: a configuration server in any language, and the lab's own client. */
import path from "node:path";
import type { Judge } from "../../judging/judge";
import { REFUSALS } from "./bad-requests";
import { CHANGES } from "./changes";
import { CLIENT_STEPS } from "./client";
import { CLIENT_LISTS } from "./client-lists";
import { CONDITIONS } from "./conditions";
import { DURABILITY } from "./durability";
import { LISTS } from "./lists";
import { SECRETS } from "./secrets";
import { SHARING } from "./sharing";
import { STAGES } from "./stages";
import { SERVER } from "./stores";
import { KEEPING } from "./versions";

export const CONFIG_SERVER: Judge = {
  part: "09",
  kind: "challenge",
  task: "a configuration server",
  programs: [SERVER, "config_client"],
  remote: true,
  command: true,
  serverArgs: (folder) => ["--store", path.join(folder, "store")],
  stages: STAGES,
  steps: [
    ...KEEPING,
    ...LISTS,
    ...CONDITIONS,
    ...CHANGES,
    ...SHARING,
    ...DURABILITY,
    ...SECRETS,
    ...CLIENT_STEPS,
    ...CLIENT_LISTS,
    ...REFUSALS,
  ],
};
