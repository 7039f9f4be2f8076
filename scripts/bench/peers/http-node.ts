import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { BODY, CONTENT_TYPE, IDLE_MAX_MS } from "./http-answer";

const server = createServer((_request, response) => {
  response.writeHead(200, { "Content-Type": CONTENT_TYPE, "Content-Length": BODY.length });
  response.end(BODY);
});
server.keepAliveTimeout = IDLE_MAX_MS;
server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));
