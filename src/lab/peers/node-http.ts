// The page, from the server that comes with Node.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { contentType, listening, page } from "./page";

const length = Buffer.byteLength(page);
const server = createServer((_request, response) => {
  response.writeHead(200, { "Content-Type": contentType, "Content-Length": length });
  response.end(page);
});
server.listen(0, "127.0.0.1", () => listening((server.address() as AddressInfo).port));
