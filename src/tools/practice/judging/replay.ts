/** A shell command that sends an HTTP request again: with curl where that sends what matters of it. */
import type { Address } from "./judge";
import { replayWithNc } from "./transcript";

/** Fields that curl sends by itself, or that have an option of their own. */
const CURL_FIELDS: ReadonlySet<string> = new Set(["host", "user-agent", "accept"]);

/** With curl, or else byte by byte with nc; undefined when the request is too long for a command. */
export function replayRequest(address: Address, bytes: Uint8Array): string | undefined {
  return withCurl(address, Buffer.from(bytes).toString("latin1")) ?? replayWithNc(address, bytes);
}

/** undefined: curl would send something else. */
function withCurl({ host, port }: Address, request: string): string | undefined {
  const [, path, lines] =
    /^GET (\/[\w./-]*) HTTP\/1\.1\r\n((?:[\w-]+: [ -&(-~]*\r\n)*)\r\n$/.exec(request) ?? [];
  if (path === undefined || lines === undefined) return undefined;
  const fields = lines.split("\r\n").slice(0, -1);
  const names = fields.map((line) => line.slice(0, line.indexOf(":")).toLowerCase());
  if (names.some((name) => !CURL_FIELDS.has(name)) || new Set(names).size < names.length) {
    return undefined;
  }
  const agent = fields[names.indexOf("user-agent")]?.replace(/^[^:]*: /, "");
  const option = agent === undefined ? "-H 'User-Agent:'" : `-A '${agent}'`;
  const at = host.includes(":") ? `[${host}]` : host;
  return `curl -i ${option} http://${at}:${port}${path}`;
}
