/** `npm run bench`: this lab beside its peers, in one run, as ratios. */

import path from "node:path";
import { fileURLToPath } from "node:url";
import { printError } from "../src/program/print";
import { runCommand, USAGE_EXIT_STATUS } from "../src/tools/notebook/command";
import { report, save } from "./bench/report";
import type { BenchSection } from "./bench/section";

/** Sections by name; each is loaded only when it is run. */
const SECTIONS: Record<string, () => Promise<BenchSection>> = {
  tcp: async () => (await import("./bench/tcp")).tcp(),
  udp: async () => (await import("./bench/udp")).udp(),
  dns: async () => (await import("./bench/dns")).dns(),
  http: async () => (await import("./bench/http")).http(),
  config: async () => (await import("./bench/config")).config(),
  scan: async () => (await import("./bench/scan")).scan(),
  kernel: async () => (await import("./bench/kernel")).kernel(),
  notebooks: async () => (await import("./bench/notebooks")).notebooks(),
};

const REPOSITORY = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const RESULTS = path.join(REPOSITORY, "dist", "bench");

const HELP = `Usage: npm run bench [-- SECTION...] [--check]

Measures the lab beside its peers in one run, and writes tables, charts and JSON to dist/bench.
  SECTION   of ${Object.keys(SECTIONS).join(", ")}; all by default
  --check   exit 1 when a ratio is over its limit`;

await runCommand({ help: HELP, positionals: "any", flags: ["check"] }, async (args) => {
  const { positionals, flags } = args;
  const unknown = positionals.filter((name) => !Object.hasOwn(SECTIONS, name));
  if (unknown.length > 0) {
    printError(
      `no bench section ${unknown.join(", ")}; there are: ${Object.keys(SECTIONS).join(", ")}`,
    );
    return USAGE_EXIT_STATUS;
  }
  let over = 0;
  let failed = 0;
  for (const name of positionals.length > 0 ? positionals : Object.keys(SECTIONS)) {
    printError(`measuring ${name} ...`);
    try {
      const result = await SECTIONS[name]?.();
      if (!result) continue;
      report(result);
      over += result.overLimit?.length ?? 0;
      await save(result, RESULTS);
    } catch (error) {
      // The other sections have figures of their own.
      printError(
        `\n${name} could not be measured: ${error instanceof Error ? error.stack : error}`,
      );
      failed += 1;
    }
  }
  return failed > 0 || (flags.has("check") && over > 0) ? 1 : 0;
});
