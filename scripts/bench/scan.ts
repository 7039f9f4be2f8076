// A full scan of the loopback by port_scanner beside `nmap -sT -T5`, in turn; medians, and the ratio.

import path from "node:path";
import { fileURLToPath } from "node:url";
import { extractPrograms } from "../../src/tools/notebook/extract";
import { startListeners } from "../soak/listeners";
import {
  ALL_PORTS,
  NMAP_MISSING,
  type Scan,
  scanWithNmap,
  scanWithProgram,
} from "../soak/scanners";
import { type BenchSection, median } from "./section";

const REPOSITORY = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const ROUNDS = 15;
const LISTENERS = 24;
const HOST = "127.0.0.1";
/** Of nmap's time. */
const MAX_RATIO = 0.6;

interface Contestant {
  readonly name: string;
  readonly limit?: number;
  run(): Promise<Scan>;
}

// nmap asks no port for a banner either, unless -sV is given: so the first row is the fair one.
const CONTESTANTS: readonly Contestant[] = [
  {
    name: "port_scanner --no-banners",
    limit: MAX_RATIO,
    run: () => scanWithProgram(HOST, ALL_PORTS, "--no-banners"),
  },
  { name: "port_scanner", run: () => scanWithProgram(HOST) },
  { name: "nmap -sT -T5", run: () => scanWithNmap(HOST) },
];

export async function scan(): Promise<BenchSection> {
  await extractPrograms(REPOSITORY);
  const listeners = await startListeners(LISTENERS, HOST);
  const times = CONTESTANTS.map((): number[] => []);
  const missing = new Set<string>();
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [i, { run }] of CONTESTANTS.entries()) {
        try {
          times[i]?.push((await run()).ms);
        } catch (error) {
          if (!(error instanceof Error) || error.message !== NMAP_MISSING) throw error;
          missing.add(NMAP_MISSING);
        }
      }
    }
  } finally {
    await listeners.close();
  }
  const medians = times.map(median);
  const nmap = medians.at(-1) ?? Number.NaN;
  const rows = CONTESTANTS.map(({ name, limit }, i) => ({
    name,
    seconds: (medians[i] ?? Number.NaN) / 1000,
    fastest: Math.min(...(times[i] ?? [])) / 1000,
    "of nmap's": (medians[i] ?? Number.NaN) / nmap,
    limit,
  })).filter(({ seconds }) => !Number.isNaN(seconds));
  const ratio = (medians[0] ?? Number.NaN) / nmap;
  return {
    section: "scan",
    unit: "65,535 ports of 127.0.0.1, medians, ratios to nmap",
    rows,
    missing: [...missing],
    charts: [
      {
        title: "A full scan",
        unit: "seconds; less is better",
        bars: rows.map(({ name, seconds }, i) => ({ label: name, value: seconds, ours: i === 0 })),
      },
    ],
    overLimit: ratio > MAX_RATIO ? [`port_scanner takes ${ratio.toFixed(3)} of nmap's time`] : [],
  };
}
