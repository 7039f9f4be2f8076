// Durable writes per second of config_server's store beside SQLite, on one disk, behind the same routes and
// the same HTTP; and reads beside static file servers.

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { ask } from "../../src/http/client";
import { findApache } from "../../src/lab/apache/find-apache";
import { startApache } from "../../src/lab/apache/start-apache";
import { extractPrograms } from "../../src/tools/notebook/extract";
import { findLoad } from "./peers/http-load";
import { type Peer, startPeer } from "./peers/peer";
import { putLoad } from "./peers/put-load";
import { type BenchRow, type BenchSection, median } from "./section";
import { installSqlite } from "./sqlite";

const CLIENTS = 16;
const CONFIG_BYTES = 2_000;
const ROUNDS = 5;
const WARM_UP_MS = 500;
const ROUND_MS = 1_500;
const READ_CLIENTS = 50;
const READ_SECONDS = 2;
/** What the project asks of itself: as many durable writes as SQLite. */
const MIN_OF_SQLITE = 1;

const LAB = "config_server";
const SQLITE = "SQLite, a transaction each";
const ROOT = path.resolve(import.meta.dirname, "../..");

interface Candidate {
  readonly name: string;
  readonly file: string;
  readonly env?: Readonly<Record<string, string>>;
}

interface Running {
  readonly name: string;
  readonly port: number;
  readonly stop: () => Promise<void>;
  readonly rates: number[];
}

export async function config(): Promise<BenchSection> {
  await extractPrograms(ROOT);
  // Not in the system's folder for temporary files, which may be memory: there a sync costs nothing.
  await mkdir(path.join(ROOT, ".lab"), { recursive: true });
  const folder = await mkdtemp(path.join(ROOT, ".lab", "bench-config-"));
  const rows: BenchRow[] = [];
  const missing: string[] = [];
  const overLimit: string[] = [];
  try {
    for (const clients of [1, CLIENTS]) {
      await writes(path.join(folder, `${clients}`), clients, rows, missing, overLimit);
    }
    await readings(path.join(folder, "reads"), rows, missing);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const unit = `configurations of ${CONFIG_BYTES} bytes over HTTP, median of ${ROUNDS} rounds; every write synced`;
  return { section: "config", unit, rows, missing: [...new Set(missing)], overLimit };
}

async function writes(
  folder: string,
  clients: number,
  rows: BenchRow[],
  missing: string[],
  overLimit: string[],
): Promise<void> {
  const candidates: Candidate[] = [{ name: LAB, file: "config-lab.ts" }];
  try {
    const env = { BENCH_SQLITE: installSqlite() };
    candidates.push({ name: SQLITE, file: "config-sqlite.ts", env });
    const grouped = { ...env, BENCH_GROUPED: "1" };
    candidates.push({
      name: "SQLite, transactions shared",
      file: "config-sqlite.ts",
      env: grouped,
    });
  } catch (error) {
    missing.push(`SQLite: ${error instanceof Error ? error.message : error}`);
  }
  const running = await startAll(candidates, folder);
  try {
    for (const { port } of running) await putLoad(port, clients, CONFIG_BYTES, WARM_UP_MS);
    for (let round = 0; round < ROUNDS; round++) {
      for (const { port, rates } of round % 2 === 0 ? running : [...running].reverse()) {
        const start = performance.now();
        const done = await putLoad(port, clients, CONFIG_BYTES, ROUND_MS);
        rates.push(done / ((performance.now() - start) / 1_000));
      }
    }
  } finally {
    await Promise.all(running.map(({ stop }) => stop()));
  }
  const rate = (wanted: string) => median(running.find(({ name }) => name === wanted)?.rates ?? []);
  const way = clients === 1 ? "writes, 1 client" : `writes, ${clients} clients`;
  for (const { name, rates } of running) {
    const isLimit = name === SQLITE && clients === CLIENTS;
    const ratio = median(rates) / rate(SQLITE);
    rows.push({
      name: `${way}: ${name}`,
      "per second": Math.round(median(rates)),
      "x SQLite": Number.isNaN(ratio) ? undefined : ratio,
      limit: name === LAB && clients === CLIENTS ? MIN_OF_SQLITE : undefined,
    });
    if (isLimit && rate(LAB) < MIN_OF_SQLITE * median(rates)) {
      overLimit.push(`${way}: ${(rate(LAB) / median(rates)).toFixed(2)} of SQLite's writes`);
    }
  }
}

/** A configuration is read from config_server, and the same bytes from servers of files. */
async function readings(folder: string, rows: BenchRow[], missing: string[]): Promise<void> {
  const { load } = await findLoad();
  const text = "interface Vlan1\n".repeat(CONFIG_BYTES / 16);
  const running = await startAll(
    [
      { name: LAB, file: "config-lab.ts" },
      { name: "node:http and node:fs", file: "static-node.ts" },
    ],
    folder,
  );
  const paths = new Map([[LAB, "/configs/core-1"]]);
  try {
    const [lab] = running;
    const put = { host: "127.0.0.1", port: lab?.port ?? 0, path: "/configs/core-1" };
    await ask({ ...put, method: "PUT", body: text });
    await writeFile(path.join(folder, "1", "core-1.cfg"), text);
    const apache = findApache();
    if (apache === undefined) missing.push("Apache: not installed (sudo apt-get install apache2)");
    else {
      const server = await startApache(apache, { "core-1.cfg": text });
      running.push({ name: "Apache", port: server.port, stop: () => server.stop(), rates: [] });
    }
    for (let round = 0; round < ROUNDS; round++) {
      for (const { name, port, rates } of round % 2 === 0 ? running : [...running].reverse()) {
        const asked = paths.get(name) ?? "/core-1.cfg";
        const shape = { clients: READ_CLIENTS, seconds: READ_SECONDS, path: asked };
        rates.push((await load(port, shape)).perSecond);
      }
    }
  } finally {
    await Promise.all(running.map(({ stop }) => stop()));
  }
  const base = median(running.find(({ name }) => name.startsWith("node:"))?.rates ?? []);
  for (const { name, rates } of running) {
    rows.push({
      name: `reads, ${READ_CLIENTS} clients: ${name}`,
      "per second": Math.round(median(rates)),
      "x node:http and node:fs": median(rates) / base,
    });
  }
}

async function startAll(candidates: readonly Candidate[], folder: string): Promise<Running[]> {
  const running: Running[] = [];
  try {
    for (const [i, { name, file, env = {} }] of candidates.entries()) {
      const own = path.join(folder, `${i}`);
      // config_server makes its folder itself.
      await mkdir(file === "config-lab.ts" ? folder : own, { recursive: true });
      const peer = await withEnvironment({ BENCH_FOLDER: own, ...env }, () => startPeer(file));
      running.push({ name, port: peer.port, stop: () => peer.stop(), rates: [] });
    }
  } catch (error) {
    await Promise.all(running.map(({ stop }) => stop()));
    throw error;
  }
  return running;
}

/** A peer inherits our environment. */
async function withEnvironment(
  env: Readonly<Record<string, string>>,
  start: () => Promise<Peer>,
): Promise<Peer> {
  Object.assign(process.env, env);
  try {
    return await start();
  } finally {
    for (const name of Object.keys(env)) delete process.env[name];
  }
}
