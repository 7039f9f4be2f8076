/** Starts servers and connections for a test, and closes them after it. */

import { afterEach } from "vitest";
import type { HttpLimits } from "../../../src/http/limits";
import { type Handler, type HttpServer, type ServeOptions, serve } from "../../../src/http/server";
import { exchange, parseResponses, RawConnection, type RawResponse } from "./raw-client";

const servers: HttpServer[] = [];
const connections: RawConnection[] = [];

/** Call once in a test file. */
export function closeAfterEach(): void {
  afterEach(async () => {
    for (const connection of connections.splice(0)) connection.close();
    await Promise.all(servers.splice(0).map((server) => server.stop()));
  });
}

export async function start(
  handler: Handler,
  limits: Partial<HttpLimits> = {},
  options: Partial<ServeOptions> = {},
): Promise<HttpServer> {
  const server = await serve({ port: 0, limits, ...options }, handler);
  servers.push(server);
  return server;
}

export async function open(server: HttpServer): Promise<RawConnection> {
  const connection = await RawConnection.open(server.local.port);
  connections.push(connection);
  return connection;
}

/** A GET request; unless `fields` says otherwise, the last on its connection. */
export function get(path = "/", fields = "Connection: close\r\n"): string {
  return `GET ${path} HTTP/1.1\r\nHost: a\r\n${fields}\r\n`;
}

/** The first answer to the request, on a connection of its own. */
export async function ask(server: HttpServer, request: string): Promise<RawResponse> {
  const head = request.startsWith("HEAD");
  const [answer] = parseResponses(await exchange(server.local.port, request), [head]);
  return answer;
}

/** A promise, and the function that resolves it. */
export function signal(): { readonly given: Promise<void>; give(): void } {
  let give = (): void => undefined;
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { given, give: () => give() };
}
