/** What a scanner does with orders that it must not, or cannot, carry out. */
import type { Step } from "../../judging/judge";
import type { Hints } from "../../judging/step-failure";
import { failure, type Scan, scan } from "./scan";
import { scannedHost } from "./servers";

const EXIT_USAGE = 2;

const WRONG: Hints = [
  "A typing error must not pass for something else: whoever reads the result would believe it.",
  "Read the whole command line before anything is sent. What is not understood is named in one line on standard error, and the exit code is 2.",
  "`const asked = await checkedScan(positionals.length > 0 ? positionals : [host], options)`, first of all; it throws a `UsageError`",
];

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
      expectRefused(done, "192.0.2.1 is another machine", [
        "On a machine that belongs to somebody else, one asks before one scans.",
        "Addresses of this machine itself are free; for any other --i-have-permission has to be given. Check it before the first probe.",
        "`checkedScan` calls `requirePermission(targets, options[PERMISSION_FLAG])`",
      ]);
    },
  },
];
