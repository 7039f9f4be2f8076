/** Judges the challenge of Part 8: `port_scanner`, or a scanner in any language that takes the same options. */
import type { Judge } from "../judge";
import { COMMAND_LINE } from "./08-command-line";
import { FINDING } from "./08-finding";
import { GREETING } from "./08-greeting";
import { PROGRAM } from "./08-scanner";
import { WAITING } from "./08-waiting";

export const portScanner: Judge = {
  part: "08",
  kind: "challenge",
  task: "a port scanner",
  programs: [PROGRAM],
  command: true,
  steps: [...FINDING, ...WAITING, ...GREETING, ...COMMAND_LINE],
};
