/** web_server answers the challenge of Part 6 as Part 6's own server does, and is as safe. */
import { afterAll, beforeAll } from "vitest";
import { start } from "../../dist/web_server";
import type { HttpServer } from "../../src/http/server";
import { HTTP_SERVER } from "../../src/tools/practice/judges/06-http-server/judge";
import { describeJudge } from "../tools/practice/judge-suite";

const PATIENCE_MS = 1_000;
/** The bodies that must be refused are longer. */
const BODY_MAX_BYTES = 64 * 1024;

let server: HttpServer;
beforeAll(async () => {
  server = await start({
    port: 0,
    limits: {
      headerTimeoutMs: PATIENCE_MS,
      bodyTimeoutMs: PATIENCE_MS,
      maxBodyBytes: BODY_MAX_BYTES,
    },
  });
});
afterAll(() => server.stop());

describeJudge(HTTP_SERVER, () => server.local);
