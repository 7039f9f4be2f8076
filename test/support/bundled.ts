/** A script of the test's own that imports from src, as one file for plain Node: `tsx` would take longer than it runs. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { build } from "esbuild";
import { onTestFinished } from "vitest";

const ROOT = path.resolve(import.meta.dirname, "../..");

/** Writes it into a folder that goes when the test ends; paths in it are as from the repository. Returns the file. */
export async function bundled(source: string): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "socket-lab-script-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const outfile = path.join(folder, "script.mjs");
  const stdin = { contents: source, resolveDir: ROOT, loader: "ts" } as const;
  await build({ stdin, outfile, bundle: true, platform: "node", format: "esm" });
  return outfile;
}
