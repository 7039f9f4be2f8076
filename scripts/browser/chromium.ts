/** A headless Chromium, driven over its own protocol. It is given nothing to do but our pages. */
import path from "node:path";
import { type Browser, chromium } from "playwright-core";
import { findProgram, pathFolders } from "../../src/lab/find-program";

const NAMES = [
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
  "Google Chrome",
];
const MAC_FOLDER = "/Applications/Google Chrome.app/Contents/MacOS";

export const HOW_TO_GET_CHROMIUM = `These tests need Chromium or Chrome on PATH:
  Debian           sudo apt-get install chromium
  Fedora           sudo dnf install chromium
  macOS            brew install --cask chromium`;

/** Looked at by people; not kept in the repository. */
export const SCREENSHOTS = path.resolve(import.meta.dirname, "../../.lab/screenshots");

/** The first Chromium on PATH, or undefined. */
export function findChromium(): string | undefined {
  return findProgram(NAMES, [...pathFolders(), MAC_FOLDER]);
}

/** Starts it. Close it at the end. */
export async function startChromium(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error(HOW_TO_GET_CHROMIUM);
  return chromium.launch({
    executablePath,
    args: [
      "--no-sandbox", // it is root in a container, and sees our own pages only
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
