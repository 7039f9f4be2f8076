/** Judges `http_server` by the challenge's specification, or the server that SERVER names: `SERVER=127.0.0.1:9000`. */
import { spawn } from "node:child_process";
import path from "node:path";
import { afterAll, beforeAll, describe } from "vitest";
import { Child } from "../support/child";
import type { Address } from "./conversation";
import { describeChallenge, describeSafety } from "./http-server.spec";

/** A learner's server has its own idea of how long to wait. */
const OTHER_SERVER_PATIENCE_MS = 30_000;
const OUR_PATIENCE_MS = 1_000;

function parseServer(text: string): Address {
  const [, host, port] = /^\[?([^\]]+?)\]?:(\d+)$/.exec(text) ?? [];
  if (host !== undefined) return { host, port: Number(port) };
  throw new Error(`SERVER is a host and a port, such as 127.0.0.1:9000, not "${text}"`);
}

const { SERVER } = process.env;

if (SERVER) {
  const address = parseServer(SERVER);
  describe(`the server at ${SERVER}`, () => {
    describeChallenge(() => address);
    describeSafety(() => address, { patienceMs: OTHER_SERVER_PATIENCE_MS });
  });
} else {
  describe("http_server", () => {
    let child: Child;
    let address: Address;
    beforeAll(async () => {
      const program = path.resolve(import.meta.dirname, "../../dist/http_server.mjs");
      const args = [
        program,
        "--host",
        "127.0.0.1",
        "--port",
        "0",
        "--timeout",
        `${OUR_PATIENCE_MS}`,
      ];
      child = new Child(spawn(process.execPath, args));
      const [, port] = await child.line(/:(\d+)$/);
      address = { host: "127.0.0.1", port: Number(port) };
    });
    afterAll(() => child.stop());
    describeChallenge(() => address);
    describeSafety(() => address, { patienceMs: OUR_PATIENCE_MS });
  });
}
