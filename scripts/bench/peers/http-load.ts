// Load on an HTTP server, from a process of its own: wrk where it is installed, else autocannon.
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { loadFromOutside } from "../../../src/lab/load-process";

const run = promisify(execFile);

export interface LoadFigures {
  readonly requests: number;
  readonly perSecond: number;
  /** Latency that 99 of 100 requests stay under, in milliseconds. */
  readonly p99Ms: number;
}

export interface LoadShape {
  readonly clients: number;
  readonly seconds: number;
  /** Requests sent before the first answer is awaited. */
  readonly pipelined?: number;
  /** Whether each request asks for a close, so that the next needs a new connection. */
  readonly close?: boolean;
  /** What is asked for, by default "/". */
  readonly path?: string;
}

export type Load = (port: number, shape: LoadShape) => Promise<LoadFigures>;

/** The load generator of this machine. @throws Error naming what to install when there is none */
export async function findLoad(): Promise<{ readonly name: string; readonly load: Load }> {
  try {
    await run("wrk", ["-v"]).catch((error: { code?: unknown }) => {
      // It has no option for its version alone, and ends with 1 after telling it.
      if (error.code !== 1) throw error;
    });
    return { name: "wrk", load: wrk };
  } catch {
    const file = createRequire(import.meta.url).resolve("autocannon/autocannon.js");
    return {
      name: "autocannon (one each: src/lab/load)",
      load: (port, shape) => (shape.close ? ownLoad(port, shape) : autocannon(file, port, shape)),
    };
  }
}

async function wrk(port: number, shape: LoadShape): Promise<LoadFigures> {
  const { clients, seconds, pipelined = 1, close = false, path: asked = "/" } = shape;
  const folder = await mkdtemp(path.join(tmpdir(), "socket-lab-wrk-"));
  try {
    const script = path.join(folder, "pipeline.lua");
    await writeFile(script, pipelining(pipelined));
    const options = ["-t1", `-c${clients}`, `-d${seconds}s`, "--latency"];
    if (pipelined > 1) options.push("-s", script);
    if (close) options.push("-H", "Connection: close");
    const { stdout } = await run("wrk", [...options, `http://127.0.0.1:${port}${asked}`]);
    const perSecond = Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]);
    const requests = Number(/(\d+) requests in/.exec(stdout)?.[1]);
    const p99 = /99%\s+([\d.]+)(us|ms|s|m)\b/.exec(stdout);
    if (!perSecond || p99 === null) throw new Error(`wrk said nothing to be read:\n${stdout}`);
    if (/Non-2xx/.test(stdout)) throw new Error(`not every answer was 200:\n${stdout}`);
    const unitMs = { us: 0.001, ms: 1, s: 1000, m: 60_000 }[p99[2] ?? ""] ?? Number.NaN;
    return { requests, perSecond, p99Ms: Number(p99[1]) * unitMs };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function pipelining(depth: number): string {
  return [
    "init = function(args)",
    "  local requests = {}",
    `  for i = 1, ${depth} do requests[i] = wrk.format() end`,
    "  joined = table.concat(requests)",
    "end",
    "request = function() return joined end",
    "",
  ].join("\n");
}

/** The lab's own: autocannon counts nothing when each answer ends its connection. */
async function ownLoad(port: number, shape: LoadShape): Promise<LoadFigures> {
  const { clients, seconds, path: asked } = shape;
  const plan = { targets: [{ name: "", port }], clients, rounds: 1, keepAlive: false, path: asked };
  const [result] = await loadFromOutside({ ...plan, roundMs: seconds * 1000 });
  if (!result || result.failures > 0) throw new Error(`${result?.failures} answers failed`);
  return { requests: result.answers, perSecond: result.answersPerSecond, p99Ms: result.p99Ms };
}

async function autocannon(file: string, port: number, shape: LoadShape): Promise<LoadFigures> {
  const { clients, seconds, pipelined = 1, path: asked = "/" } = shape;
  const options = ["-j", "-n", "-c", `${clients}`, "-d", `${seconds}`, "-p", `${pipelined}`];
  const { stdout } = await run(process.execPath, [
    file,
    ...options,
    `http://127.0.0.1:${port}${asked}`,
  ]);
  const result: unknown = JSON.parse(stdout);
  const { requests, latency } = result as {
    requests: { total: number; average: number };
    latency: { p99: number };
  };
  return { requests: requests.total, perSecond: requests.average, p99Ms: latency.p99 };
}
