/** A small server of the judge's that answers a client as it is told, and keeps what it was asked. */
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import type { StepContext } from "../../judging/judge";

export interface Seen {
  readonly method: string;
  /** `GET /configs/core-1` */
  readonly line: string;
  readonly fields: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Scripted {
  readonly status: number;
  readonly fields?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface ScriptedServer {
  readonly port: number;
  readonly seen: readonly Seen[];
}

/** Closed after the step. */
export async function startScripted(
  context: StepContext,
  answer: (asked: Seen) => Scripted,
): Promise<ScriptedServer> {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    const { method = "", url = "", headers } = request;
    const body = await buffer(request).catch(() => Buffer.alloc(0));
    const asked = { method, line: `${method} ${url}`, fields: headers, body };
    seen.push(asked);
    const scripted = answer(asked);
    response.writeHead(scripted.status, scripted.fields).end(scripted.body);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen({ host: "127.0.0.1", port: 0 }, resolve);
  });
  context.after(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return { port: (server.address() as AddressInfo).port, seen };
}

/** A page of the list of configurations, as config_server answers it. */
export function listPage(
  names: readonly string[],
  next?: string,
  tags: Readonly<Record<string, string>> = {},
): Scripted {
  const time = "2026-01-31T09:05:00.000Z";
  const configs = names.map((name) => ({
    name,
    version: 1,
    size: 5,
    etag: tags[name] ?? '"1"',
    time,
  }));
  const link: Record<string, string> = next === undefined ? {} : { Link: `<${next}>; rel="next"` };
  const fields = { "Content-Type": "application/json", ...link };
  return {
    status: 200,
    fields,
    body: JSON.stringify({ configs, ...(next !== undefined && { next }) }),
  };
}
