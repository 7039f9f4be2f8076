/** What a scanner does with orders that it must not, or cannot, carry out. */

import type { Step } from "../../judging/judge";
import type { Hints } from "../../judging/step-failure";
import { PERMISSION, WRONG } from "./hints";
import { failure, type Scan, scan } from "./scan";
import { scannedHost } from "./servers";

const EXIT_USAGE = 2;

function expectRefused(done: Scan, why: string, hints: Hints): void {
  if (done.status === EXIT_USAGE && done.stdout === "" && done.stderr !== "") return;
  const came = [
    `exit code ${done.status}`,
    ...(done.stdout === "" ? [] : ["something on standard output"]),
    ...(done.stderr === "" ? ["nothing on standard error"] : []),
  ].join(" and ");
  throw failure(
    done,
    `Expected a line on standard error and exit code 2, as ${why}, and there was ${came}.`,
    hints,
  );
}

export const COMMAND_LINE: readonly Step[] = [
  {
    name: "refuses what it does not understand",
    edit: "port_scanner",
    async run(context) {
      const host = await scannedHost(context);
      for (const [args, why] of [
        [["--ports", "0"], "there is no port 0"],
        [["--ports", "http-"], '"http-" is no port'],
        [["--timeout", "soon"], '"soon" is no number'],
      ] as const) {
        expectRefused(await scan(context, [host, ...args]), why, WRONG);
      }
    },
  },
  {
    name: "scans no other machine unless somebody says that its owner agreed",
    edit: "port_scanner",
    async run(context) {
      // RFC 5737: an address for examples, which is nobody's.
      const done = await scan(context, ["192.0.2.1", "--ports", "9", "--timeout", "100"]);
      expectRefused(done, "192.0.2.1 is another machine", PERMISSION);
    },
  },
];
