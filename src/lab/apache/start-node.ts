// Stands in for Apache where it is not installed: the same site from Node's own HTTP server.

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { KEEP_ALIVE_SECONDS } from "./configuration";
import { checkSite, SITE_DATE, type Site, type WebServer } from "./site";

const HOST = "127.0.0.1";

function serve(site: Site): Server {
  return createServer((request, response) => {
    const path = (request.url ?? "/").replace(/\?.*/, "").slice(1) || "index.html";
    const text = Object.hasOwn(site, path) ? site[path] : undefined;
    response.setHeader("Server", "Node");
    response.setHeader("Content-Type", path.endsWith(".txt") ? "text/plain" : "text/html");
    if (text === undefined) {
      const page = "<h1>Not Found</h1>\n";
      response.writeHead(404, { "Content-Length": page.length }).end(page);
    } else if (path.endsWith(".shtml")) {
      // A page put together while it is sent: its length is not known when the head goes out.
      const [before = "", ...after] = text.split(/<!--#echo var="SERVER_PROTOCOL" -->/);
      response.write(before);
      response.end(after.map((part) => `HTTP/${request.httpVersion}${part}`).join(""));
    } else {
      response.setHeader("Last-Modified", SITE_DATE.toUTCString());
      response.setHeader("Content-Length", Buffer.byteLength(text));
      response.end(text);
    }
  });
}

/** Serves `site` on a port that the system chooses, on 127.0.0.1; resolves when it listens. */
export async function startNode(site: Site): Promise<WebServer> {
  checkSite(site);
  const server = serve(site);
  server.keepAliveTimeout = KEEP_ALIVE_SECONDS * 1_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(0, HOST, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const stop = async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  };
  return { name: "Node", host: HOST, port, stop };
}
