// npm run bench -- [SECTION ...]: this lab beside its peers, in one run, as ratios.
// Prints a table and writes dist/bench/SECTION.json. `--check`: exit 1 when a ratio is over its limit.

import { mkdir, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { BenchSection } from "./section";

/** Sections by name; each is loaded only when it is run. */
const SECTIONS: Record<string, () => Promise<BenchSection>> = {
  tcp: async () => (await import("./tcp")).tcp(),
  udp: async () => (await import("./udp")).udp(),
  http: async () => (await import("./http")).http(),
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
  for (const name of positionals.length > 0 ? positionals : Object.keys(SECTIONS)) {
    const result = await SECTIONS[name]?.();
    if (!result) continue;
    report(result);
    over += result.overLimit?.length ?? 0;
    await save(result);
  }
  return values.check && over > 0 ? 1 : 0;
}

function report({ section, unit, rows, missing, overLimit = [] }: BenchSection): void {
  console.log(`\n${section} (${unit})`);
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const lines = [columns, ...rows.map((row) => columns.map((column) => format(row[column])))];
  const widths = columns.map((_, i) => Math.max(...lines.map((line) => line[i]?.length ?? 0)));
  for (const line of lines) {
    const cells = line.map((cell, i) =>
      i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0),
    );
    console.log(`  ${cells.join("  ")}`.trimEnd());
  }
  for (const peer of missing) console.log(`  not measured: ${peer}`);
  for (const ratio of overLimit) console.log(`  over its limit: ${ratio}`);
}

function format(value: string | number | boolean | undefined): string {
  if (typeof value !== "number") return String(value ?? "");
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(2);
}

async function save(result: BenchSection): Promise<void> {
  await mkdir(RESULTS, { recursive: true });
  const machine = {
    node: process.version,
    cpus: os.cpus().length,
    cpu: os.cpus()[0]?.model,
    date: new Date().toISOString(),
  };
  const file = path.join(RESULTS, `${result.section}.json`);
  await writeFile(file, `${JSON.stringify({ ...result, machine }, null, 2)}\n`);
}

process.exitCode = await main();
