/** Judges the challenge of Part 9: a configuration server in any language, and the lab's own client. */
import path from "node:path";
import type { Judge } from "../judge";
import { CHANGES } from "./config-server/changes";
import { CLIENT_STEPS } from "./config-server/client";
import { CLIENT_LISTS } from "./config-server/client-lists";
import { CONDITIONS } from "./config-server/conditions";
import { DURABILITY } from "./config-server/durability";
import { KEEPING } from "./config-server/keeping";
import { LISTS } from "./config-server/lists";
import { REFUSALS } from "./config-server/refusals";
import { SECRETS } from "./config-server/secrets";
import { SHARING } from "./config-server/sharing";
import { SERVER } from "./config-server/stores";

export const CONFIG_SERVER: Judge = {
  part: "09",
  kind: "challenge",
  task: "a configuration server",
  programs: [SERVER, "config_client"],
  remote: true,
  command: true,
  serverArgs: (folder) => ["--store", path.join(folder, "store")],
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
