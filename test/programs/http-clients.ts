/** HTTP clients that other people wrote, each asked for one page: what status, what user agent, what body. */
import type { TestContext } from "vitest";
import { startChild } from "../support/child";
import { requireTool } from "../support/tools";

export interface Page {
  readonly status: number;
  readonly body: string;
}

type Get = (ctx: TestContext, port: number, path: string) => Promise<Page>;

const PYTHON = `
import http.client, sys
connection = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=10)
connection.request("GET", sys.argv[2], headers={"User-Agent": "http.client"})
response = connection.getresponse()
print(response.status)
print(response.read().decode(), end="")
`;

async function printed(command: string, args: string[], input?: string): Promise<string> {
  const child = startChild(command, args);
  if (input !== undefined) child.write(input, { end: true });
  const { status, stdout, stderr } = await child.end();
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${stderr}`);
  return stdout;
}

const curl: Get = async (ctx, port, path) => {
  await requireTool(ctx, "curl", "sudo apt-get install curl");
  const options = ["--silent", "--show-error", "--max-time", "10", "--write-out", "\n%{http_code}"];
  const text = await printed("curl", [...options, `http://127.0.0.1:${port}${path}`]);
  const end = text.lastIndexOf("\n");
  return { status: Number(text.slice(end)), body: text.slice(0, end) };
};

const nc: Get = async (ctx, port, path) => {
  await requireTool(ctx, "nc", "sudo apt-get install netcat-openbsd");
  const request = `GET ${path} HTTP/1.1\r\nHost: localhost\r\nUser-Agent: nc\r\n\r\n`;
  const text = await printed("nc", ["-w", "10", "127.0.0.1", String(port)], request);
  const end = text.indexOf("\r\n\r\n");
  return { status: Number(text.split(" ")[1]), body: text.slice(end + 4) };
};

const python: Get = async (ctx, port, path) => {
  await requireTool(ctx, "python3", "see https://www.python.org/downloads/");
  const text = await printed("python3", ["-c", PYTHON, String(port), path]);
  const end = text.indexOf("\n");
  return { status: Number(text.slice(0, end)), body: text.slice(end + 1) };
};

const nodeFetch: Get = async (_ctx, port, path) => {
  const response = await fetch(`http://127.0.0.1:${port}${path}`);
  return { status: response.status, body: await response.text() };
};

/** Name, how it asks, and what its user agent looks like. */
export const HTTP_CLIENTS: readonly [name: string, get: Get, agent: RegExp][] = [
  ["curl", curl, /^curl\/\d/],
  ["nc, by hand", nc, /^nc$/],
  ["Python's http.client", python, /^http\.client$/],
  ["Node's fetch", nodeFetch, /^node$/],
];
