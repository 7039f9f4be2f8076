/** `npm start` where there is no terminal: all parts, and a line about each. */
import { describe, expect, it } from "vitest";
import { findNotebooks } from "../../../src/tools/notebook/files";
import { runHeadless } from "../../../src/tools/stepper/headless";
import { KERNEL_CHILD_DEADLINE_MS } from "../../support/child";
import { labFolder } from "../notebook/support/lab-folder";
import { fakeKernels } from "./fake-kernels";
import { heard } from "./in-process";
import { BROKEN, GOOD, runCommand } from "./support";

/** It starts a kernel. */
const TIMEOUT = { timeout: 2 * KERNEL_CHILD_DEADLINE_MS };

describe("npm start without a terminal", () => {
  it(
    "runs the parts that are named, says cells and time, and names what is wrong",
    TIMEOUT,
    async () => {
      const lab = await labFolder({ "01-one": BROKEN, "02-two": GOOD });
      await lab.write("notebooks/03-unreadable.ipynb", "{");
      const { status, stdout, stderr } = await runCommand(lab, "start", "02", "03");
      const lines = stdout.trimEnd().split("\n");
      expect(lines[0]).toMatch(/^notebooks\/02-two\.ipynb +2 cells +\d+\.\d s +ok$/);
      expect(lines[1]).toMatch(/^notebooks\/03-unreadable\.ipynb +0 cells +\d+\.\d s +FAILED$/);
      expect(lines[2]).toMatch(/^2 parts, 2 cells, \d+\.\d s$/);
      expect(stderr).toMatch(/^\nnotebooks\/03-unreadable\.ipynb:1:2: not JSON.*\n$/);
      expect(status).toBe(1);
    },
  );

  it("runs all parts where some fail, and exits with 0 only if none does", async () => {
    const lab = await labFolder({
      "01-broken": "%% code fails\nfail",
      "02-crash": "%% code crash\ndie",
      "03-leak": "%% code leak\nleak",
      "04-good": GOOD,
    });
    const files = await findNotebooks(lab.root, []);
    const { kernels, start } = fakeKernels();
    const all = await heard(() => runHeadless(lab.root, files.slice(0, 3), start));
    expect(all.stdout).toMatch(
      /01-broken.* FAILED\n.*02-crash.* FAILED\n.*03-leak.* FAILED\n3 parts/,
    );
    expect(all.stderr.trim().split("\n")).toEqual([
      "notebooks/01-broken.ipynb#fails: Error: it fails",
      "notebooks/02-crash.ipynb#crash: the kernel has died",
      "notebooks/03-leak.ipynb#leak: left open after the last cell: a server",
    ]);
    expect(all.status).toBe(1);
    const good = await heard(() => runHeadless(lab.root, files.slice(3), start));
    expect(good).toMatchObject({ status: 0, stderr: "" });
    expect(good.stdout).toMatch(/^notebooks\/04-good.* ok\n1 part, 2 cells, /);
    expect(kernels.map(({ isShutDown }) => isShutDown)).toEqual([true, true, true, true]);
    expect(kernels[0]?.env).toMatchObject({ SOCKET_LAB_PORTS: "system" });
  });
});
