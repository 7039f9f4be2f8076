// Requests per second, latency and idle memory of src/http beside node:http, Fastify, a server that
// parses nothing, and a blocking loop in Python.
import { connect, type Socket } from "node:net";
import type { BarChartData } from "../../src/chart/bar-chart";
import { findLoad, type Load, type LoadFigures, type LoadShape } from "./peers/http-load";
import { type Peer, startPeer } from "./peers/peer";
import { p99BesideSlowClients, SLOW_CLIENTS } from "./peers/slow-clients";
import { type BenchRow, type BenchSection, median } from "./section";

const CLIENTS = 50;
const PIPELINED = 16;
const ROUNDS = 7;
const ROUND_SECONDS = 1;
const IDLE_CONNECTIONS = 10_000;
const OPENED_AT_ONCE = 200;
const SETTLE_MS = 1000;

/** What the project asks of src/http. */
const MIN_OF_NODE = 1.5;
const MIN_OF_FASTIFY = 1.5;
const MIN_OF_STUB = 0.85;
const MIN_OF_NODE_PIPELINED = 5;
/** What a normal client may wait for its answer while others are slow, in all but 1 of 100 cases. */
const MAX_P99_BESIDE_SLOW_MS = 100;

const OURS = { name: "src/http", file: "http-lab.ts" };
const NODE = { name: "node:http", file: "http-node.ts" };
const FASTIFY = { name: "Fastify", file: "http-fastify.mjs" };
const STUB = { name: "node:net, parsing nothing", file: "http-stub.ts" };
const CLOSING_STUB = { name: STUB.name, file: "http-stub-close.ts" };
const PYTHON = { name: "Python, blocking", file: "http_server.py" };

interface Measured {
  readonly name: string;
  readonly perSecond: number;
  readonly p99Ms: number;
  readonly cpuUs: number | undefined;
}

export async function http(): Promise<BenchSection> {
  const rows: BenchRow[] = [];
  const missing: string[] = [];
  const overLimit: string[] = [];
  const charts: BarChartData[] = [];
  const { name, load } = await findLoad();
  const measure = async (
    way: string,
    shape: Partial<LoadShape>,
    servers: (typeof OURS)[],
    limits: Readonly<Record<string, number>>,
  ) => {
    const whole = { clients: CLIENTS, seconds: ROUND_SECONDS, ...shape };
    const measured = await inTurn(servers, load, whole, missing);
    const ours = measured.find((one) => one.name === OURS.name);
    const node = measured.find((one) => one.name === NODE.name);
    for (const one of measured) {
      rows.push({
        name: `${way}: ${one.name}`,
        "requests/s": Math.round(one.perSecond),
        "x node:http": node && one.perSecond / node.perSecond,
        "src/http x it": ours && ours.perSecond / one.perSecond,
        limit: limits[one.name],
        // Of pipelined requests the load generators time something else.
        "p99 ms": whole.pipelined === undefined ? one.p99Ms : undefined,
        "CPU us": one.cpuUs,
      });
      const limit = limits[one.name];
      if (ours && limit && ours.perSecond < limit * one.perSecond) {
        const ratio = (ours.perSecond / one.perSecond).toFixed(2);
        overLimit.push(`${way}: src/http is ${ratio} x ${one.name}, not ${limit}`);
      }
    }
    charts.push({
      title: way,
      unit: `requests per second, ${CLIENTS} clients`,
      bars: measured.map(({ name, perSecond }) => ({
        label: name,
        value: perSecond,
        ...(node && { note: `${(perSecond / node.perSecond).toFixed(2)} x node:http` }),
        ours: name === OURS.name,
      })),
    });
    if (ours && node && ours.p99Ms > node.p99Ms && whole.pipelined === undefined) {
      overLimit.push(`${way}: p99 is ${ours.p99Ms} ms, node:http's ${node.p99Ms} ms`);
    }
  };

  await measure("keep-alive", {}, [OURS, NODE, FASTIFY, STUB], {
    [NODE.name]: MIN_OF_NODE,
    [FASTIFY.name]: MIN_OF_FASTIFY,
    [STUB.name]: MIN_OF_STUB,
  });
  await measure(`${PIPELINED} deep`, { pipelined: PIPELINED }, [OURS, NODE, FASTIFY], {
    [NODE.name]: MIN_OF_NODE_PIPELINED,
  });
  await measure("one each", { close: true }, [OURS, NODE, FASTIFY, CLOSING_STUB, PYTHON], {});
  await measureBesideSlow(rows, missing, overLimit);
  await measureIdle(rows, missing, overLimit);
  const unit = `${CLIENTS} clients, median of ${ROUNDS} rounds, load from ${name}`;
  return { section: "http", unit, rows, missing, overLimit, charts };
}

async function inTurn(
  servers: readonly (typeof OURS)[],
  load: Load,
  shape: LoadShape,
  missing: string[],
): Promise<Measured[]> {
  const running: { name: string; peer: Peer; figures: LoadFigures[]; cpuUs: number }[] = [];
  try {
    for (const { name, file } of servers) {
      try {
        running.push({ name, peer: await startPeer(file), figures: [], cpuUs: 0 });
      } catch (error) {
        missing.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    for (const { peer } of running) await load(peer.port, shape);
    for (let round = 0; round < ROUNDS; round++) {
      for (const one of round % 2 === 0 ? running : [...running].reverse()) {
        const before = one.peer.cpuUs() ?? Number.NaN;
        one.figures.push(await load(one.peer.port, shape));
        one.cpuUs += (one.peer.cpuUs() ?? Number.NaN) - before;
      }
    }
  } finally {
    await Promise.all(running.map(({ peer }) => peer.stop()));
  }
  return running.map(({ name, figures, cpuUs }) => {
    const cpuPerRequest = cpuUs / figures.reduce((sum, { requests }) => sum + requests, 0);
    return {
      name,
      perSecond: median(figures.map(({ perSecond }) => perSecond)),
      p99Ms: median(figures.map(({ p99Ms }) => p99Ms)),
      cpuUs: Number.isNaN(cpuPerRequest) ? undefined : cpuPerRequest,
    };
  });
}

/** Latency of normal clients, each on a connection of its own, beside many that never finish a head. */
async function measureBesideSlow(
  rows: BenchRow[],
  missing: string[],
  overLimit: string[],
): Promise<void> {
  const way = `beside ${SLOW_CLIENTS} slow clients`;
  for (const { name, file } of [OURS, NODE]) {
    const peer = await startPeer(file);
    try {
      const p99Ms = await p99BesideSlowClients(peer.port);
      const limit = name === OURS.name ? MAX_P99_BESIDE_SLOW_MS : undefined;
      rows.push({ name: `${way}: ${name}`, limit, "p99 ms": p99Ms });
      if (limit !== undefined && p99Ms > limit) overLimit.push(`${way}: p99 is ${p99Ms} ms`);
    } catch (error) {
      missing.push(`${way}: ${name}: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      await peer.stop();
    }
  }
}

/** Memory with many connections, each of which has had one answer. */
async function measureIdle(
  rows: BenchRow[],
  missing: string[],
  overLimit: string[],
): Promise<void> {
  const way = `${IDLE_CONNECTIONS} idle`;
  const sizes = new Map<string, number>();
  for (const { name, file } of [OURS, NODE]) {
    const peer = await startPeer(file);
    const sockets: Socket[] = [];
    try {
      const before = peer.rssBytes();
      for (let opened = 0; opened < IDLE_CONNECTIONS; opened += OPENED_AT_ONCE) {
        const batch = Array.from({ length: OPENED_AT_ONCE }, () => askOnce(peer.port, sockets));
        await Promise.all(batch);
      }
      await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
      const after = peer.rssBytes();
      if (before === undefined || after === undefined) throw new Error("the system does not tell");
      sizes.set(name, after);
      const each = (after - before) / IDLE_CONNECTIONS / 1024;
      rows.push({ name: `${way}: ${name}`, "RSS MiB": after / 2 ** 20, "KiB each": each });
    } catch (error) {
      missing.push(`${way}: ${name}: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      for (const socket of sockets) socket.destroy();
      await peer.stop();
    }
  }
  const [ours, node] = [sizes.get(OURS.name), sizes.get(NODE.name)];
  if (ours && node && ours > node) overLimit.push(`${way}: src/http holds more than node:http`);
}

function askOnce(port: number, sockets: Socket[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1" });
    sockets.push(socket);
    socket.once("data", () => resolve());
    socket.on("error", reject);
    socket.write("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
  });
}
