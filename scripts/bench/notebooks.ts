// The whole lab, run from the top: by `npm start`, by nbconvert where it is installed, and in stock tslab.

import { type SpawnOptions, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { findProgram, pathFolders } from "../../src/lab/find-program";
import { startKernel } from "../../src/tools/kernel/client";
import { listNotebooks } from "../../src/tools/notebook/files";
import { BRIEF_MEASUREMENTS, runAll, SYSTEM_PORTS } from "../../src/tools/notebook/run-all";
import { type BenchRow, type BenchSection, median } from "./section";

const ROUNDS = 3;
/** The whole lab takes at most this share of nbconvert's time. */
const MAX_SHARE_OF_NBCONVERT = 0.5;
/** A repaired kernel may cost this much more than the one that it repairs. */
const MAX_SHARE_OF_STOCK = 1.15;
/** Longer than the whole lab may take on a slow machine; then the run is given up. */
const RUN_MAX_MS = 600_000;
const CELL_MAX_S = 120;
/** What takes longer on stock tslab hangs. */
const STOCK_CELL_MAX_MS = 20_000;
/** Where a virtual environment of this project keeps its commands. */
const VENV_FOLDERS = [".lab/venv/bin", ".lab/venv/Scripts", ".venv/bin", ".venv/Scripts"];

const env = { ...process.env, ...SYSTEM_PORTS, ...BRIEF_MEASUREMENTS };

export async function notebooks(): Promise<BenchSection> {
  const root = process.cwd();
  const files = await listNotebooks(root);
  const missing: string[] = [];
  const rows = [
    ...(await besideNbconvert(files, missing)),
    ...(await besideStock(root, files, missing)),
  ];
  const overLimit = rows
    .filter(({ ratio, limit }) => ratio !== undefined && !(ratio <= limit))
    .map(({ name, ratio }) => `${name}: ${ratio?.toFixed(2)}`);
  const charts = rows
    .filter(({ peer }) => peer !== undefined)
    .map((row) => ({
      title: String(row.name),
      unit: "seconds; less is better",
      bars: [
        { label: "socket-lab", value: Number(row["socket-lab"]), ours: true },
        { label: row.name.includes("nbconvert") ? "nbconvert" : "tslab", value: Number(row.peer) },
      ],
    }));
  const unit = `seconds, median of ${ROUNDS} rounds`;
  return { section: "notebooks", unit, rows, missing, overLimit, charts };
}

type Row = BenchRow & { readonly ratio?: number; readonly limit: number };

/** What a learner types beside what a Jupyter user would: processes started from nothing. */
async function besideNbconvert(files: readonly string[], missing: string[]): Promise<Row[]> {
  const nbconvert = findProgram(["jupyter-nbconvert"], [...VENV_FOLDERS, ...pathFolders()]);
  if (nbconvert === undefined) {
    missing.push("nbconvert is not installed: python3 -m pip install nbconvert");
  }
  const start = () => timed(process.execPath, ["--import", "tsx", "scripts/start.ts"]);
  const peer = nbconvert === undefined ? undefined : () => withNbconvert(nbconvert, files);
  const [ours, theirs] = await inTurn(start, peer);
  const name = `npm start, ${files.length} parts, beside nbconvert`;
  return [row(name, ours, theirs, MAX_SHARE_OF_NBCONVERT)];
}

/** The same runner, both times with as many kernels side by side. Parts that stock tslab cannot run are left out. */
async function besideStock(
  root: string,
  files: readonly string[],
  missing: string[],
): Promise<Row[]> {
  const clean: string[] = [];
  const trial = { startKernel: kernelOf(true), cellDeadlineMs: STOCK_CELL_MAX_MS };
  for await (const { file, failures } of runAll(root, files, trial)) {
    const [failure] = failures;
    if (failure === undefined) clean.push(file);
    else missing.push(`stock tslab cannot run ${failure.message.split("\n")[0]}`);
  }
  if (clean.length === 0) return [];
  const run = (stock: boolean) => async () => {
    const started = performance.now();
    for await (const { failures } of runAll(root, clean, { startKernel: kernelOf(stock) })) {
      if (failures[0]) throw new Error(`${stock ? "stock" : "our"} kernel: ${failures[0].message}`);
    }
    return (performance.now() - started) / 1000;
  };
  let times: [number, number];
  try {
    times = await inTurn(run(false), run(true));
  } catch (error) {
    // Stock tslab can fail where it has run clean before.
    missing.push(`beside stock tslab: ${error instanceof Error ? error.message : error}`);
    return [];
  }
  const [ours, theirs] = times;
  const name = `our kernel, ${clean.length} parts, beside stock tslab`;
  return [row(name, ours, theirs, MAX_SHARE_OF_STOCK)];
}

const kernelOf = (stock: boolean) => async () => {
  const kernel = await startKernel({ stock, env });
  // Stock tslab has no answer to this question, and would never give one.
  if (stock) kernel.openResources = async () => [];
  return kernel;
};

function row(name: string, ours: number, theirs: number, limit: number): Row {
  if (Number.isNaN(theirs)) return { name, "socket-lab": ours, limit };
  return { name, "socket-lab": ours, peer: theirs, ratio: ours / theirs, limit };
}

type Measurement = () => Promise<number>;

/** Medians in seconds; who goes first changes from round to round. NaN without a peer. */
async function inTurn(ours: Measurement, peer?: Measurement): Promise<[number, number]> {
  const times: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    const turns = [
      async () => times[0].push(await ours()),
      async () => peer && times[1].push(await peer()),
    ];
    for (const turn of round % 2 === 0 ? turns : turns.reverse()) await turn();
  }
  return [median(times[0]), median(times[1])];
}

async function withNbconvert(command: string, files: readonly string[]): Promise<number> {
  const output = await mkdtemp(path.join(os.tmpdir(), "socket-lab-bench-"));
  const timeout = `--ExecutePreprocessor.timeout=${CELL_MAX_S}`;
  const args = ["--to", "notebook", "--execute", timeout, "--output-dir", output, ...files];
  try {
    return await timed(command, args, { env: { ...env, JUPYTER_PATH: path.resolve(".jupyter") } });
  } finally {
    await rm(output, { recursive: true, force: true });
  }
}

/** Seconds that a process takes. @throws Error with the end of what it wrote, when it fails */
function timed(command: string, args: readonly string[], options: SpawnOptions = {}) {
  return new Promise<number>((resolve, reject) => {
    const started = performance.now();
    const stdio: SpawnOptions["stdio"] = ["ignore", "pipe", "pipe"];
    const child = spawn(command, args, { env, ...options, stdio, timeout: RUN_MAX_MS });
    let text = "";
    const keep = (piece: Buffer) => {
      text = (text + piece).slice(-2_000);
    };
    child.stdout?.on("data", keep);
    child.stderr?.on("data", keep);
    child.on("error", reject);
    child.on("close", (status) => {
      if (status === 0) resolve((performance.now() - started) / 1000);
      else reject(new Error(`${path.basename(command)} failed (${status}):\n${text}`));
    });
  });
}
