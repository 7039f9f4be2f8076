/** Shell commands that repeat a conversation: with curl or nc where these do the same, or else with Node. */
import type { Address } from "./judge";
import { StepFailure } from "./step-failure";

/** How the judge left a connection: not at all, with a FIN after the last byte, or with a reset. */
export type Leaving = "open" | "end" | "reset";

/**
 * Runs part of a step in which connections are reset. Its failure is repeated by the last of these, and then by
 * the failure's own command.
 *
 * @param run calls `reset` with each connection that it has reset
 */
export async function repeatedAfterReset(
  run: (reset: (connection: Conversation & { readonly address: Address }) => void) => Promise<void>,
): Promise<void> {
  let first: string | undefined;
  try {
    await run((connection) => {
      first = replayTcp(connection.address, connection);
    });
  } catch (error) {
    if (!(error instanceof StepFailure) || !error.replay || !first) throw error;
    throw error.with({ replay: `${first}; ${error.replay}` });
  }
}

/** One connection of the judge's, as it went. */
export interface Conversation {
  readonly sent: Uint8Array;
  readonly left: Leaving;
}

/** A longer command is no help. */
const REPLAY_MAX_BYTES = 2_000;
/** How long nc waits for more, in seconds. */
const NC_WAIT_SECONDS = 2;
/** Where commands that are shown have the judge's own server. */
export const REPLAY_PORT = 9000;
/** Fields that curl sends by itself, or that have an option of their own. */
const CURL_FIELDS: ReadonlySet<string> = new Set(["host", "user-agent", "accept"]);

/** Sends these bytes to a TCP server and shows the answer; undefined when they are too many for a command. */
export function replayTcp(
  { host, port }: Address,
  { sent, left }: Conversation,
): string | undefined {
  if (sent.length > REPLAY_MAX_BYTES) return undefined;
  if (left === "open")
    return `printf ${forPrintf(sent)} | nc -w ${NC_WAIT_SECONDS} ${host} ${port}`;
  // A reset that comes with the last bytes can be taken for their end: it comes after them.
  const last = left === "end" ? "this.end()" : "setTimeout(() => this.resetAndDestroy(), 100)";
  const actions = `this.write(${forNode(sent)}, "latin1"); ${last}`;
  return `node -e 'require("net").connect(${port}, "${host}", function () { ${actions} }).pipe(process.stdout)'`;
}

/** The same for an HTTP request, with curl if it sends the same. */
export function replayRequest(address: Address, conversation: Conversation): string | undefined {
  const text = Buffer.from(conversation.sent).toString("latin1");
  const curl = conversation.left === "open" ? withCurl(address, text) : undefined;
  return curl ?? replayTcp(address, conversation);
}

/** Sends one datagram, and shows what comes back. */
export function replayUdp({ host, port }: Address, sent: Uint8Array): string {
  return `printf ${forPrintf(sent)} | nc -u -w 1 ${host} ${port}`;
}

/**
 * A server that treats its clients as the judge did, one conversation for each, from a client's first bytes on;
 * beside it runs `command`.
 */
export function replayServer(
  { host, port }: Address,
  conversations: readonly Conversation[],
  command: string,
): string {
  const acts = conversations.map(({ sent, left }) => {
    const write = sent.length > 0 ? `c.write(${forNode(sent)}, "latin1");` : "";
    return `(c) => { ${write}${LEAVE[left]} }`;
  });
  const server = `require("net").createServer(c => c.on("error", () => {}).once("data", () => a.shift()?.(c)))`;
  return beside(`const a = [${acts.join(", ")}]; ${server}.listen(${port}, "${host}")`, command);
}

const LEAVE: Readonly<Record<Leaving, string>> = {
  open: "",
  end: " c.end()",
  reset: " c.resetAndDestroy()",
};

/** A UDP receiver that answers its first datagram, the second and so on as the judge did; beside it runs `command`. */
export function replayReceiver(
  { host, port }: Address,
  answers: readonly (readonly string[])[],
  command: string,
): string {
  const each = "(d, from) => a.shift()?.forEach(x => s.send(x, from.port, from.address))";
  const code = `const a = ${JSON.stringify(answers)}; const s = require("dgram").createSocket("udp4", ${each}).bind(${port}, "${host}")`;
  return beside(code, command);
}

/** A server that says something to each client as soon as it connects; beside it runs `command`. */
export function replayBanner({ host, port }: Address, said: string, command: string): string {
  const text = forNode(Buffer.from(said));
  const server = `require("net").createServer(c => c.end(${text}, "latin1"))`;
  return beside(`${server}.listen(${port}, "${host}")`, command);
}

/** A port that neither accepts nor refuses: its server accepts nothing, and its queue is full. */
export function replaySilence({ host, port }: Address, command: string): string {
  const full = `for (const i of "123") n.connect(${port}, "${host}")`;
  const asleep =
    "process.nextTick(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0))";
  const server = `n.createServer().listen({ port: ${port}, host: "${host}", backlog: 1 }`;
  return beside(`const n = require("net"); ${server}, () => { ${full}; ${asleep} })`, command);
}

function beside(code: string, command: string): string {
  return `node -e '${code}' & judge=$!; sleep 1; ${command}; kill $judge`;
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

/** An argument of the shell's `printf` that writes these bytes: in single quotes, with escapes. */
export function forPrintf(bytes: Uint8Array): string {
  const text = Buffer.from(bytes)
    .toString("latin1")
    .replaceAll("\\", "\\\\")
    .replaceAll("%", "%%")
    .replaceAll("\r", "\\r")
    .replaceAll("\n", "\\n")
    .replace(/[^ -~]|'/g, (c) => `\\${c.charCodeAt(0).toString(8).padStart(3, "0")}`);
  return `'${text}'`;
}

/** A string literal of JavaScript with a character for each byte, to stand within single quotes of the shell. */
function forNode(bytes: Uint8Array): string {
  return JSON.stringify(Buffer.from(bytes).toString("latin1")).replace(
    /[^ -&(-~]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
