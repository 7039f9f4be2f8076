/** The judge of Part 9 passes config_server in every step, those beyond the challenge too. */
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll } from "vitest";
import type { Address } from "../../src/practice/judge";
import { CONFIG_SERVER } from "../../src/practice/judges/09-configuration-server";
import { describeJudge } from "../practice/judge-suite";
import { Child } from "../support/child";

let folder: string;
let child: Child;
let address: Address;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "socket-lab-challenge-"));
  const program = path.resolve(import.meta.dirname, "../../dist/config_server.mjs");
  const args = ["--port", "0", "--store", path.join(folder, "store")];
  const env = { ...process.env, HOST: undefined, PORT: undefined, TOKEN: undefined };
  child = new Child(spawn(process.execPath, [program, ...args], { env }));
  const [, port] = await child.line(/:(\d+)$/);
  address = { host: "127.0.0.1", port: Number(port) };
});
afterAll(async () => {
  await child.stop();
  await rm(folder, { recursive: true, force: true });
});

describeJudge(CONFIG_SERVER, () => address);
