// What a section measured: a table and charts on the screen, JSON and SVG in a folder.

import { mkdir, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { BarChart } from "../../src/chart/bar-chart";
import { print } from "../../src/program/print";
import type { BenchSection } from "./section";

export function report({
  section,
  unit,
  rows,
  missing,
  overLimit = [],
  charts = [],
}: BenchSection): void {
  print(`\n${section} (${unit})`);
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const lines = [columns, ...rows.map((row) => columns.map((column) => format(row[column])))];
  const widths = columns.map((_, i) => Math.max(...lines.map((line) => line[i]?.length ?? 0)));
  for (const line of lines) {
    const cells = line.map((cell, i) =>
      i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0),
    );
    print(`  ${cells.join("  ")}`.trimEnd());
  }
  for (const peer of missing) print(`  not measured: ${peer}`);
  for (const ratio of overLimit) print(`  over its limit: ${ratio}`);
  for (const chart of charts) {
    print(`\n${new BarChart(chart).toText()}`.replaceAll("\n", "\n  "));
  }
}

function format(value: string | number | boolean | undefined): string {
  if (typeof value !== "number") return String(value ?? "");
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(2);
}

/** Writes `SECTION.json`, with the machine that it was measured on, and `SECTION-CHART.svg`. */
export async function save(result: BenchSection, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const { charts = [], ...figures } = result;
  const machine = {
    node: process.version,
    cpus: os.cpus().length,
    cpu: os.cpus()[0]?.model,
    date: new Date().toISOString(),
  };
  const file = path.join(folder, `${result.section}.json`);
  await writeFile(file, `${JSON.stringify({ ...figures, machine }, null, 2)}\n`);
  for (const chart of charts) {
    const name = chart.title.toLowerCase().replace(/[^a-z0-9]+/g, "-");
    const svg = `${new BarChart(chart).toSvg()}\n`;
    await writeFile(path.join(folder, `${result.section}-${name}.svg`), svg);
  }
}
