// Requests per second, CPU time per request, latency and idle memory of src/http beside node:http, Fastify,
// Hono, Go, a server that parses nothing, and a blocking loop in Python; and of the program web_server,
// which makes its page for each request, beside node:http making the same page.
import path from "node:path";
import type { BarChartData } from "../../src/chart/bar-chart";
import { extractPrograms } from "../../src/tools/notebook/extract";
import { measureBesideSlow, measureIdle } from "./http-held";
import { type HttpServerFile, inTurn, type Measured, ROUNDS } from "./http-turns";
import { findLoad, type LoadShape } from "./peers/http-load";
import type { BenchRow, BenchSection } from "./section";

const ROOT = path.resolve(import.meta.dirname, "../..");
const CLIENTS = 50;
const PIPELINED = 16;
const ROUND_SECONDS = 1;

/** What the project asks of src/http: requests per second, as multiples of another's. */
const MIN_OF_NODE = 1.5;
const MIN_OF_FASTIFY = 1.5;
const MIN_OF_HONO = 1.5;
const MIN_OF_STUB = 0.85;
const MIN_OF_NODE_PIPELINED = 5;
/** And of web_server: node:http's CPU time for the same page, as a multiple of its own. */
const MIN_CPU_OF_NODE = 1.5;
const MIN_CPU_OF_NODE_ONE_EACH = 1.1;

const OURS = { name: "src/http", file: "http-lab.ts" };
const NODE = { name: "node:http", file: "http-node.ts" };
const FASTIFY = { name: "Fastify", file: "http-fastify.mjs" };
const HONO = { name: "Hono", file: "http-hono.ts" };
const GO = { name: "Go, on every core", file: "http-go.go" };
const STUB = { name: "node:net, parsing nothing", file: "http-stub.ts" };
const CLOSING_STUB = { name: STUB.name, file: "http-stub-close.ts" };
const PYTHON = { name: "Python, blocking", file: "http_server.py" };
const PROGRAM = { name: "web_server", file: "../../../dist/web_server.mjs" };
const PROGRAM_ON_NODE = { name: "node:http, same page", file: "web-node.ts" };

interface Way {
  readonly name: string;
  readonly shape: Partial<LoadShape>;
  /** Ours is the first, node:http the second. */
  readonly servers: readonly [HttpServerFile, HttpServerFile, ...HttpServerFile[]];
  /** By a server's name: the least multiple of its requests per second that ours must reach. */
  readonly minRate?: Readonly<Record<string, number>>;
  /** The least multiple of our CPU time that node:http must take. */
  readonly minCpu?: number;
}

const KEPT = "keep-alive";
const ONE_EACH = "one each";
const WAYS: readonly Way[] = [
  {
    name: KEPT,
    shape: {},
    servers: [OURS, NODE, FASTIFY, HONO, GO, STUB],
    minRate: {
      [NODE.name]: MIN_OF_NODE,
      [FASTIFY.name]: MIN_OF_FASTIFY,
      [HONO.name]: MIN_OF_HONO,
      [STUB.name]: MIN_OF_STUB,
    },
  },
  {
    name: `${PIPELINED} deep`,
    shape: { pipelined: PIPELINED },
    servers: [OURS, NODE, FASTIFY, HONO, GO],
    minRate: { [NODE.name]: MIN_OF_NODE_PIPELINED },
  },
  {
    name: ONE_EACH,
    shape: { close: true },
    servers: [OURS, NODE, FASTIFY, HONO, GO, CLOSING_STUB, PYTHON],
  },
  {
    name: `the program, ${KEPT}`,
    shape: {},
    servers: [PROGRAM, PROGRAM_ON_NODE],
    minCpu: MIN_CPU_OF_NODE,
  },
  {
    name: `the program, ${ONE_EACH}`,
    shape: { close: true },
    servers: [PROGRAM, PROGRAM_ON_NODE],
    minCpu: MIN_CPU_OF_NODE_ONE_EACH,
  },
];

export async function http(): Promise<BenchSection> {
  const rows: BenchRow[] = [];
  const missing: string[] = [];
  const overLimit: string[] = [];
  const charts: BarChartData[] = [];
  await extractPrograms(ROOT);
  const { name, load } = await findLoad();
  for (const way of WAYS) {
    const shape = { clients: CLIENTS, seconds: ROUND_SECONDS, ...way.shape };
    const measured = await inTurn(way.servers, load, shape, missing);
    const [ours, node] = way.servers.map((one) => measured.find((each) => each.name === one.name));
    rows.push(...measured.map((one) => rowOf(way, one, ours, node)));
    if (ours) overLimit.push(...shortfalls(way, measured, ours, node));
    charts.push(chartOf(way, measured, node));
  }
  await measureBesideSlow(OURS, NODE, { rows, missing, overLimit });
  await measureIdle(OURS, NODE, { rows, missing, overLimit });
  const unit = `${CLIENTS} clients, median of ${ROUNDS} rounds, load from ${name}`;
  return { section: "http", unit, rows, missing: [...new Set(missing)], overLimit, charts };
}

function rowOf(way: Way, one: Measured, ours?: Measured, node?: Measured): BenchRow {
  return {
    name: `${way.name}: ${one.name}`,
    "requests/s": Math.round(one.perSecond),
    "x node:http": node && one.perSecond / node.perSecond,
    "ours x it": ours && ours.perSecond / one.perSecond,
    limit: way.minRate?.[one.name],
    // Of pipelined requests the load generators time something else.
    "p99 ms": way.shape.pipelined === undefined ? one.p99Ms : undefined,
    "CPU us": one.cpuUs,
    "its CPU x ours": one.cpuUs && ours?.cpuUs && one.cpuUs / ours.cpuUs,
    "CPU limit": one.name === node?.name ? way.minCpu : undefined,
  };
}

/** Where ours is behind what the project asks of it. */
function shortfalls(way: Way, measured: Measured[], ours: Measured, node?: Measured): string[] {
  const found: string[] = [];
  for (const one of measured) {
    const min = way.minRate?.[one.name];
    const ratio = ours.perSecond / one.perSecond;
    if (min && ratio < min)
      found.push(`${ours.name} is ${ratio.toFixed(2)} x ${one.name}, not ${min}`);
  }
  if (way.minCpu && node?.cpuUs && ours.cpuUs) {
    const ratio = node.cpuUs / ours.cpuUs;
    if (ratio < way.minCpu) {
      found.push(`${node.name} takes ${ratio.toFixed(2)} x its CPU time, not ${way.minCpu}`);
    }
  }
  if (node && ours.p99Ms > node.p99Ms && way.shape.pipelined === undefined) {
    found.push(`p99 is ${ours.p99Ms} ms, node:http's ${node.p99Ms} ms`);
  }
  return found.map((text) => `${way.name}: ${text}`);
}

function chartOf(way: Way, measured: Measured[], node?: Measured): BarChartData {
  return {
    title: way.name,
    unit: `requests per second, ${CLIENTS} clients`,
    bars: measured.map(({ name, perSecond }) => ({
      label: name,
      value: perSecond,
      ...(node && { note: `${(perSecond / node.perSecond).toFixed(2)} x node:http` }),
      ours: name === way.servers[0].name,
    })),
  };
}
