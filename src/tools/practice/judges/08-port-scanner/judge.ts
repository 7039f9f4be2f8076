/** Judges the challenge of Part 8: `port_scanner`, or a scanner in any language that takes the same options. */
import type { Judge } from "../../judging/judge";
import { GREETING } from "./banners";
import { COMMAND_LINE } from "./command-line";
import { FINDING } from "./finding";
import { PROGRAM } from "./scan";
import { SCARCE_RESOURCES } from "./scarce-resources";
import { STAGES } from "./stages";
import { WAITING } from "./timeouts";

export const PORT_SCANNER: Judge = {
  part: "08",
  kind: "challenge",
  task: "a port scanner",
  programs: [PROGRAM],
  command: true,
  stages: STAGES,
  steps: [...FINDING, ...WAITING, ...GREETING, ...COMMAND_LINE, ...SCARCE_RESOURCES],
};
