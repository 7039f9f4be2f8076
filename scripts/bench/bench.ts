// npm run bench -- [SECTION ...]: this lab beside its peers, in one run, as ratios.
// Prints a table and charts, and writes them to dist/bench. `--check`: exit 1 when a ratio is over its limit.

import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { report, save } from "./report";
import type { BenchSection } from "./section";

/** Sections by name; each is loaded only when it is run. */
const SECTIONS: Record<string, () => Promise<BenchSection>> = {
  tcp: async () => (await import("./tcp")).tcp(),
  udp: async () => (await import("./udp")).udp(),
  http: async () => (await import("./http")).http(),
  config: async () => (await import("./config")).config(),
  scan: async () => (await import("./scan")).scan(),
  kernel: async () => (await import("./kernel")).kernel(),
  notebooks: async () => (await import("./notebooks")).notebooks(),
};

const REPOSITORY = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const RESULTS = path.join(REPOSITORY, "dist", "bench");

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { check: { type: "boolean", default: false } },
  });
  const unknown = positionals.filter((name) => !(name in SECTIONS));
  if (unknown.length > 0) {
    console.error(
      `no bench section ${unknown.join(", ")}; there are: ${Object.keys(SECTIONS).join(", ")}`,
    );
    return 2;
  }
  let over = 0;
  let failed = 0;
  for (const name of positionals.length > 0 ? positionals : Object.keys(SECTIONS)) {
    console.error(`measuring ${name} ...`);
    try {
      const result = await SECTIONS[name]?.();
      if (!result) continue;
      report(result);
      over += result.overLimit?.length ?? 0;
      await save(result, RESULTS);
    } catch (error) {
      // The other sections have figures of their own.
      console.error(`\n${name} could not be measured:`, error);
      failed += 1;
    }
  }
  return failed > 0 || (values.check && over > 0) ? 1 : 0;
}

process.exitCode = await main();
