/** The judge of Part 6 passes http_server in every step, those beyond the challenge too. */
import { spawn } from "node:child_process";
import path from "node:path";
import { afterAll, beforeAll } from "vitest";
import { HTTP_SERVER } from "../../src/tools/practice/judges/06-http-server/judge";
import type { Address } from "../../src/tools/practice/judging/judge";
import { Child } from "../support/child";
import { describeJudge } from "../tools/practice/judge-suite";

/** So that the test need not wait longer for a client that falls asleep. */
const PATIENCE_MS = 1_000;

let child: Child;
let address: Address;
beforeAll(async () => {
  const program = path.resolve(import.meta.dirname, "../../dist/http_server.mjs");
  const args = ["--host", "127.0.0.1", "--port", "0", "--timeout", `${PATIENCE_MS}`];
  child = new Child(spawn(process.execPath, [program, ...args]));
  const [, port] = await child.line(/:(\d+)$/);
  address = { host: "127.0.0.1", port: Number(port) };
});
afterAll(() => child.stop());

describeJudge(HTTP_SERVER, () => address);
