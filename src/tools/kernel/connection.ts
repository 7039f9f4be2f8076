// Connection files: how a front end tells a kernel where to listen, and with which key to sign.
// Source: jupyter-client, "Connection files" (https://jupyter-client.readthedocs.io/en/stable/kernels.html).

import { randomBytes } from "node:crypto";
import { readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";

export interface ConnectionInfo {
  transport: "tcp" | "ipc";
  ip: string;
  shell_port: number;
  iopub_port: number;
  stdin_port: number;
  control_port: number;
  hb_port: number;
  key: string;
  signature_scheme: string;
  kernel_name?: string;
}

export const CHANNELS = ["shell", "iopub", "stdin", "control", "hb"] as const;
export type Channel = (typeof CHANNELS)[number];

/** Our client makes a folder with this name for each connection file. */
export const CONNECTION_FOLDER_PREFIX = "socket-lab-connection-";
const SIGNATURE_SCHEME = "hmac-sha256";
const KEY_BYTES = 32;
/** `sockaddr_un` has 104 bytes on macOS, with a zero at the end; "-1" to "-5" follow. */
const MAX_IPC_PREFIX_BYTES = 104 - "-1".length - 1;

/**
 * Reads a connection file.
 * @throws Error naming the file and what is wrong with it.
 */
export function readConnectionFile(file: string): ConnectionInfo {
  let info: ConnectionInfo;
  try {
    info = JSON.parse(readFileSync(file, "utf8")) as ConnectionInfo;
  } catch (cause) {
    throw new Error(`cannot read the connection file ${file}: ${(cause as Error).message}`);
  }
  for (const channel of CHANNELS) {
    if (typeof info[`${channel}_port`] !== "number") {
      throw new Error(`the connection file ${file} has no ${channel}_port`);
    }
  }
  if (info.key && info.signature_scheme !== SIGNATURE_SCHEME) {
    throw new Error(
      `the connection file ${file} asks for ${info.signature_scheme} signatures; only ${SIGNATURE_SCHEME} is supported`,
    );
  }
  return { ...info, transport: info.transport ?? "tcp", key: info.key ?? "" };
}

/** Writes a connection file that only its owner may read, whole or not at all. */
export function writeConnectionFile(file: string, info: ConnectionInfo): void {
  const draft = `${file}.${process.pid}.tmp`;
  writeFileSync(draft, JSON.stringify(info, null, 2), { mode: 0o600 });
  renameSync(draft, file);
}

/** Removes a connection file, and the folder that was made for it. */
export function removeConnectionFile(file: string): void {
  rmSync(file, { force: true });
  const folder = path.dirname(file);
  if (!path.basename(folder).startsWith(CONNECTION_FOLDER_PREFIX)) return;
  try {
    rmdirSync(folder);
  } catch {
    // It is gone already, or holds something else.
  }
}

/** The ZeroMQ address of a channel: `tcp://127.0.0.1:5555` (`*` for port 0), or `ipc:///path-1`. */
export function address(info: ConnectionInfo, channel: Channel): string {
  const port = info[`${channel}_port`];
  if (info.transport === "ipc") return `ipc://${info.ip}-${port}`;
  return `tcp://${info.ip}:${port === 0 ? "*" : port}`;
}

/**
 * A new connection with a fresh key. All ports are 0: the kernel chooses, and writes its choice into the
 * connection file, so no other process can take one in between.
 * @param folder only its owner can enter it: the channels are sockets there where the system has such sockets,
 * so that no other user of the machine can connect; otherwise ports of 127.0.0.1
 */
export function newConnection(kernelName: string, folder?: string): ConnectionInfo {
  const prefix = folder && path.join(folder, "channel");
  const hasSockets = process.platform !== "win32";
  const ipc = prefix && hasSockets && Buffer.byteLength(prefix) <= MAX_IPC_PREFIX_BYTES;
  return {
    ...(ipc ? { transport: "ipc", ip: prefix } : { transport: "tcp", ip: "127.0.0.1" }),
    shell_port: 0,
    iopub_port: 0,
    stdin_port: 0,
    control_port: 0,
    hb_port: 0,
    key: randomBytes(KEY_BYTES).toString("hex"),
    signature_scheme: SIGNATURE_SCHEME,
    kernel_name: kernelName,
  };
}

/**
 * The same with five ports that were free a moment ago, for a kernel that cannot choose for itself.
 * Another process can still take one before the kernel does.
 */
export async function withFreePorts(info: ConnectionInfo): Promise<ConnectionInfo> {
  const ports = await freePorts(CHANNELS.length);
  const chosen = { ...info };
  for (const [i, channel] of CHANNELS.entries()) chosen[`${channel}_port`] = ports[i] as number;
  return chosen;
}

async function freePorts(count: number): Promise<number[]> {
  // All are held at once, so that the system cannot hand out the same one twice.
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen(0, "127.0.0.1", resolve);
      });
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return ports;
}
