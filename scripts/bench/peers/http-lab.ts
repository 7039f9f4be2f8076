import { response } from "../../../src/http/response";
import { serve } from "../../../src/http/server";
import { BODY, CONTENT_TYPE, IDLE_MAX_MS } from "./http-answer";

const server = await serve({ port: 0, limits: { idleTimeoutMs: IDLE_MAX_MS } }, () =>
  response(200, BODY, { "Content-Type": CONTENT_TYPE }),
);
console.log(server.local.port);
