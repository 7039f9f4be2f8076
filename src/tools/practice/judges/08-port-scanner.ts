/** Judges the challenge of Part 8: `port_scanner`, or a scanner in any language that takes the same options. */
import type { Judge } from "../judge";
import { COMMAND_LINE } from "./port-scanner/command-line";
import { FINDING } from "./port-scanner/finding";
import { GREETING } from "./port-scanner/greeting";
import { PROGRAM } from "./port-scanner/scanner";
import { STRAITS } from "./port-scanner/straits";
import { WAITING } from "./port-scanner/waiting";

export const PORT_SCANNER: Judge = {
  part: "08",
  kind: "challenge",
  task: "a port scanner",
  programs: [PROGRAM],
  command: true,
  steps: [...FINDING, ...WAITING, ...GREETING, ...COMMAND_LINE, ...STRAITS],
};
