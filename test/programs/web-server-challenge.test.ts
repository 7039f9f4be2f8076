/** web_server answers the challenge of Part 6 as Part 6's own server does. */
import { afterAll, beforeAll } from "vitest";
import { start } from "../../dist/web_server";
import type { HttpServer } from "../../src/http/server";
import { describeChallenge } from "../challenge/http-server.spec";

let server: HttpServer;
beforeAll(async () => {
  server = await start({ port: 0 });
});
afterAll(() => server.stop());

describeChallenge(() => server.local);
