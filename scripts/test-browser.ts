/** `npm run test:browser`: installs what is missing of browsers and Jupyter, then runs the tests that need them. */

import { spawnSync } from "node:child_process";
import path from "node:path";
import { print, printError } from "../src/program/print";
import { runCommand } from "../src/tools/notebook/command";
import { findChromium, HOW_TO_GET_CHROMIUM } from "./browser/chromium";
import { CLASSIC_NOTEBOOK, findClassicNotebook } from "./browser/classic-notebook";
import { installPythonTools } from "./python-tools";

function run(command: string, args: readonly string[]): number {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  return spawnSync(command, args, { stdio: "inherit", env }).status ?? 1;
}

/** Only as root, and only where there is apt-get: anybody else is told what to install. */
function install(packages: readonly string[]): void {
  if (packages.length === 0 || process.platform !== "linux" || process.getuid?.() !== 0) return;
  print(`Installing Debian's ${packages.join(", ")}.`);
  run("apt-get", ["update", "-qq"]);
  run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...packages]);
}

/** Debian keeps what makes virtual environments apart from Python itself. */
function canMakeEnvironments(): boolean {
  return spawnSync("python3", ["-c", "import ensurepip"]).status === 0;
}

const HELP = `Usage: npm run test:browser [-- FILE...]

Installs what is missing of browsers and Jupyter, then runs the tests that need them, or those of the files named.`;

await runCommand({ help: HELP, positionals: "any" }, async ({ positionals }) => {
  install([
    ...(findChromium() === undefined ? ["chromium"] : []),
    ...(findClassicNotebook() === undefined ? [CLASSIC_NOTEBOOK.debianPackage] : []),
    ...(canMakeEnvironments() ? [] : ["python3-venv"]),
  ]);
  if (findChromium() === undefined) {
    printError(HOW_TO_GET_CHROMIUM);
    return 1;
  }
  await installPythonTools();
  if (run("npm", ["ci", "--prefix", "class", "--no-audit", "--loglevel=error"]) !== 0) return 1;
  const vitest = path.resolve("node_modules/vitest/vitest.mjs");
  const args = ["run", "--config", "vitest.browser.config.ts", ...positionals];
  return run(process.execPath, [vitest, ...args]);
});
