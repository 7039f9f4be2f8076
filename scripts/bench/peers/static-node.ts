// A static file server as most people write one: looks at the file, then sends it.
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";

const server = createServer(async (request, response) => {
  const file = path.join(process.env.BENCH_FOLDER ?? "", path.basename(request.url ?? ""));
  const { size, mtimeMs } = await stat(file);
  const etag = `"${size}-${mtimeMs}"`;
  response.writeHead(200, { "Content-Type": "text/plain", "Content-Length": size, ETag: etag });
  createReadStream(file).pipe(response);
});
server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));
