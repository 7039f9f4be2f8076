/** The short form of `npm run soak -- scan`: the same comparison, once and of fewer ports. */
import { expect, onTestFinished, test } from "vitest";
import { listeningPorts, startListeners } from "../../scripts/soak/listeners";
import { scanSection, soakScan } from "../../scripts/soak/scan";
import { unsharedAddress } from "../../src/lab/own-address";
import { startChild } from "../support/child";
import { requireTool } from "../support/tools";
import { commandLine } from "../tools/commands/support";

/** A few full scans on a machine that does other things too. */
const SCANS_MS = 120_000;

/** So many that port_scanner takes several threads; of those that the system lends to clients, where it can meet itself. */
const PORTS = "40000-49999";

test("a scan of thousands of ports finds what nmap finds, no more and no less", {
  timeout: SCANS_MS,
}, async (ctx) => {
  await requireTool(ctx, "nmap", "sudo apt-get install nmap");
  const lines: string[] = [];
  const { rounds, faults } = await soakScan(
    1,
    (line) => lines.push(line),
    await unsharedAddress(),
    PORTS,
  );
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
  expect(stderr).toMatch(/^nmap is not installed: sudo apt-get install nmap/);
});

test("soak without a section that there is tells of those, with exit code 2", {
  timeout: SCANS_MS,
}, async () => {
  const child = startChild(process.execPath, commandLine("soak", ["nosuch"]));
  const { status, stderr } = await child.end(SCANS_MS);
  expect(status).toBe(2);
  expect(stderr).toMatch(/^No soak section nosuch; there are: .*\bscan\b/);
});

test("soak scan refuses no rounds", async () => {
  const refused = scanSection(new Map([["rounds", "0"]]));
  await expect(refused).rejects.toThrow("--rounds must be a whole number from 1 to");
});
