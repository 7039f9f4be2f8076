/** `npm run test:browser`: finds or installs a Chromium, then runs the tests that need it. */
import { spawnSync } from "node:child_process";
import path from "node:path";
import { findChromium, HOW_TO_GET_CHROMIUM } from "../test/browser/chromium";

function run(command: string, args: readonly string[]): number {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  return spawnSync(command, args, { stdio: "inherit", env }).status ?? 1;
}

/** Only as root, and only where there is apt-get: anybody else is told what to install. */
function install(): void {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return;
  console.log("No Chromium on PATH: installing Debian's.");
  run("apt-get", ["update", "-qq"]);
  run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium"]);
}

if (findChromium() === undefined) install();
if (findChromium() === undefined) {
  console.error(HOW_TO_GET_CHROMIUM);
  process.exitCode = 1;
} else {
  const vitest = path.resolve("node_modules/vitest/vitest.mjs");
  const args = ["run", "--config", "vitest.browser.config.ts", ...process.argv.slice(2)];
  process.exitCode = run(process.execPath, [vitest, ...args]);
}
