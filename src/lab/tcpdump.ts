/** TCP packets as `tcpdump -n` prints them: captured on this machine's loopback, and read. */

import { spawn } from "node:child_process";
import { ADMIN_FOLDERS, findProgram, pathFolders } from "./find-program";
import { until } from "./until";

const START_MAX_MS = 3_000;
const CAPTURE_MAX_MS = 5_000;

/** One TCP packet between a client and a server. */
export interface Packet {
  readonly from: "client" | "server";
  /** `S`, `F`, `P`, `R` and `.` (ACK), as tcpdump writes them: `S.` is a SYN with an ACK. */
  readonly flags: string;
  /** The number of the first byte, counted from the SYN; 0 where tcpdump names none. */
  readonly seq: number;
  /** The number of the byte that is expected next; 0 where the packet acknowledges nothing. */
  readonly ack: number;
  /** Bytes of data. */
  readonly bytes: number;
}

const LINE = /IP6? \S+\.(\d+) > \S+\.(\d+): Flags \[([^\]]+)\].* length (\d+)/;
const number = (text: string | undefined) => Number(text ?? 0);

/** The packets in what tcpdump printed, to and from one server; other lines are passed over. */
export function readPackets(text: string, serverPort: number): Packet[] {
  return text.split("\n").flatMap((line) => {
    const [, source, target, flags = "", length] = LINE.exec(line) ?? [];
    if (![source, target].includes(String(serverPort))) return [];
    const from = Number(source) === serverPort ? "server" : "client";
    const seq = number(/ seq (\d+)/.exec(line)?.[1]);
    const ack = number(/ ack (\d+)/.exec(line)?.[1]);
    return [{ from, flags, seq, ack, bytes: Number(length) }];
  });
}

/**
 * Captures the TCP packets of one port on the loopback interface while `work` runs, and then until
 * `complete` holds. Resolves with undefined where tcpdump is missing, may not capture (that takes
 * root, or the capability CAP_NET_RAW), or has not shown all packets after CAPTURE_MAX_MS.
 */
export async function capturePackets(
  port: number,
  work: () => Promise<void>,
  complete: (packets: readonly Packet[]) => boolean,
): Promise<Packet[] | undefined> {
  const tcpdump = findProgram(["tcpdump"], [...pathFolders(), ...ADMIN_FOLDERS]);
  if (tcpdump === undefined) return undefined;
  const loopback = process.platform === "linux" ? "lo" : "lo0";
  const options = ["-i", loopback, "-n", "-l", "-U", "--immediate-mode", `tcp port ${port}`];
  const child = spawn(tcpdump, options, { stdio: ["ignore", "pipe", "pipe"] });
  child.on("error", () => {}); // it could not be started: "close" follows
  const gone = new Promise<boolean>((resolve) => child.once("close", () => resolve(false)));
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (more: string) => {
    text += more;
  });
  try {
    if (!(await listens(child.stderr, gone))) return undefined;
    await work();
    try {
      await until(() => complete(readPackets(text, port)), CAPTURE_MAX_MS);
    } catch {
      return undefined; // on a busy machine tcpdump may lag or lose packets
    }
    return readPackets(text, port);
  } finally {
    child.kill("SIGINT");
    await gone;
  }
}

/** True once tcpdump has said that it listens; false when it is `gone` or silent for too long. */
async function listens(stderr: NodeJS.ReadableStream, gone: Promise<boolean>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  let said = "";
  const ready = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, START_MAX_MS, false);
    stderr.on("data", (more) => {
      said += more;
      if (said.includes("listening on")) resolve(true);
    });
  });
  try {
    return await Promise.race([ready, gone]);
  } finally {
    clearTimeout(timer);
  }
}
