/** Judges `config_server` by the challenge's specification, or the server that SERVER names: `SERVER=127.0.0.1:9000`. */
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe } from "vitest";
import { Child } from "../support/child";
import { type Address, describeConfigChallenge } from "./config-server.spec";

const { SERVER } = process.env;

if (SERVER) {
  const [, host = "", port] = /^\[?([^\]]+?)\]?:(\d+)$/.exec(SERVER) ?? [];
  if (!port)
    throw new Error(`SERVER is a host and a port, such as 127.0.0.1:9000, not "${SERVER}"`);
  describe(`the server at ${SERVER}`, () => {
    describeConfigChallenge(() => ({ host, port: Number(port) }));
  });
} else {
  describe("config_server", () => {
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
    describeConfigChallenge(() => address);
  });
}
