/** The short form of `npm run soak -- scan`: the same comparison, once instead of 20 times. */
import { expect, onTestFinished, test } from "vitest";
import { listeningPorts, startListeners } from "../../scripts/soak/listeners";
import { soakScan } from "../../scripts/soak/scan";
import { unsharedAddress } from "../../src/lab/own-address";
import { commandLine } from "../commands/support";
import { startChild } from "../support/child";
import { requireTool } from "../support/tools";

/** A few full scans on a machine that does other things too. */
const SCANS_MS = 120_000;

test("a full scan finds what nmap finds, no more and no less", {
  timeout: SCANS_MS,
}, async (ctx) => {
  await requireTool(ctx, "nmap", "sudo apt-get install nmap");
  const lines: string[] = [];
  const { rounds, faults } = await soakScan(1, (line) => lines.push(line), await unsharedAddress());
  expect(faults, lines.join("\n")).toEqual([]);
  expect(rounds).toBe(1);
});

test("the servers to be found are where they say, low and high", async () => {
  const host = await unsharedAddress();
  const listeners = await startListeners(20, host);
  onTestFinished(() => listeners.close());
  expect(listeners.ports).toHaveLength(20);
  expect(listeners.ports[0]).toBeLessThan(32_000);
  const listening = listeningPorts(host);
  if (listening === undefined) return; // not Linux
  expect(listeners.ports.filter((port) => !listening.has(port))).toEqual([]);
});

test("without nmap the soak says what is missing, and how to get it", {
  timeout: SCANS_MS,
}, async () => {
  const child = startChild(process.execPath, commandLine("soak", ["scan", "--rounds", "1"]), {
    env: { PATH: "/nowhere" },
  });
  const { status, stderr } = await child.end(SCANS_MS);
  expect(status).toBe(1);
  expect(stderr).toMatch(/^soak: nmap is not installed: sudo apt-get install nmap/);
});

test.each([
  [[], /which section\?; there are: .*\bscan\b/],
  [["nosuch"], /no soak section nosuch; there are: .*\bscan\b/],
  [["scan", "--rounds", "0"], /--rounds must be a whole number/],
  [["scan", "--round", "1"], /--round/],
])("soak %j is refused with exit code 2", { timeout: SCANS_MS }, async (args, said) => {
  const { status, stderr } = await startChild(process.execPath, commandLine("soak", args)).end(
    SCANS_MS,
  );
  expect(status).toBe(2);
  expect(stderr).toMatch(said);
});
