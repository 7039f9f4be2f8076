// Our kernel beside tslab's own: time until it is ready, and time per cell.

import { randomUUID } from "node:crypto";
import { type Kernel, prepareKernels, startKernel } from "../../src/tools/kernel/client";
import { type BenchSection, median } from "./section";

const ROUNDS = 5;
const REPEATS = 12;
/** A repaired kernel may cost this much more than the one that it repairs. */
const MAX_RATIO = 1.15;

/** Each cell is run REPEATS times in a kernel; `$` makes each run's text its own within the kernel. */
const CELLS = {
  "cell: an expression": "1 + $",
  "cell: declares a name": "const value$ = { n: $ }; console.log(value$.n);",
  "cell: awaits": "await new Promise((resolve) => setImmediate(resolve, $));",
  "cell: uses a Node module":
    'import net from "node:net"; const server$ = net.createServer(); server$.close();',
  "cell: imports from src":
    'import { decode as decode$ } from "./src/tools/kernel/protocol"; typeof decode$;',
} as const;
/** Cells of the same text in every kernel, at its start: ours keep what came of them. */
const AGAIN = "cell: declares a name, as an earlier kernel's did";

type Measure = "ready" | keyof typeof CELLS | typeof AGAIN;
type Times = Map<Measure, number[]>;

async function round(stock: boolean, times: Times): Promise<void> {
  const note = (measure: Measure, ms: number) =>
    times.set(measure, [...(times.get(measure) ?? []), ms]);
  const started = performance.now();
  const kernel = await startKernel({ stock });
  note("ready", performance.now() - started);
  try {
    const again = CELLS["cell: declares a name"];
    for (let i = 0; i < REPEATS; i++) {
      note(AGAIN, await timeCell(kernel, again.replaceAll("$", String(i))));
    }
    for (const [name, code] of Object.entries(CELLS)) {
      for (let i = 0; i < REPEATS; i++) {
        // No kernel has compiled this text before.
        const text = `${code.replaceAll("$", String(i))} // ${randomUUID()}`;
        note(name as Measure, await timeCell(kernel, text));
      }
    }
  } finally {
    await kernel.shutdown();
  }
}

async function timeCell(kernel: Kernel, code: string): Promise<number> {
  const started = performance.now();
  const { status } = await kernel.execute(code);
  if (status !== "ok") throw new Error(`the bench's cell failed: ${code}`);
  return performance.now() - started;
}

export async function kernel(): Promise<BenchSection> {
  const ours: Times = new Map();
  const stock: Times = new Map();
  await prepareKernels(); // as npm start has done from the second kernel on
  await (await startKernel()).shutdown();
  for (let i = 0; i < ROUNDS; i++) {
    const order = i % 2 === 0 ? [false, true] : [true, false];
    for (const isStock of order) await round(isStock, isStock ? stock : ours);
  }
  const rows = [...ours.keys()].map((name) => {
    const mine = median(ours.get(name) ?? []);
    const theirs = median(stock.get(name) ?? []);
    return { name, "socket-lab": mine, tslab: theirs, ratio: mine / theirs, limit: MAX_RATIO };
  });
  const overLimit = rows
    .filter(({ ratio }) => !(ratio <= MAX_RATIO))
    .map(({ name, ratio }) => `${name}: ${ratio.toFixed(2)}`);
  const charts = [
    {
      title: "Our kernel beside tslab",
      unit: "share of the time that stock tslab takes; less is better",
      bars: rows.map(({ name, ratio }) => ({ label: name, value: ratio, ours: true })),
    },
  ];
  return { section: "kernel", unit: "ms, median", rows, missing: [], overLimit, charts };
}
