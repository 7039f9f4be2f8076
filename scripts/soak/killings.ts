// Kills a config_server again and again while clients write, and compares what is kept with what was promised.

import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { type Answer, ask } from "../../src/http/client";
import { SocketError } from "../../src/sockets/errors";
import { Random } from "../fuzz/random";

const WRITERS = 8;
const DEVICES = 6;
/** Each body begins with a number of its own, so none is shorter than this. */
const BODY_MIN_BYTES = 32;
const BODY_MAX_BYTES = 24_000;
/** A server is killed after it has acknowledged so many writes, at most, and a random moment later. */
const ACKNOWLEDGED_MAX = 40;
const MOMENT_MAX_MS = 10;
const ACKNOWLEDGED_WITHIN_MS = 60_000;
/** One start of so many is killed before it may have come to its end. */
const STARTS_KILLED = 10;
const START_KILLED_WITHIN_MS = 150;
const START_MAX_MS = 20_000;
/** Then all of a store is compared, and the next begins empty: a start reads what is there. */
const KILLS_PER_STORE = 100;

export interface KillingsSummary {
  readonly acknowledged: number;
  readonly unacknowledged: number;
  readonly recoveries: number;
  readonly unfinished: number;
  readonly killedWhileStarting: number;
}

/** What is known of one device. */
interface Account {
  readonly name: string;
  /** Checksums of everything that was ever sent: nothing else may be kept. */
  sent: Set<string>;
  /** Checksum by number of each version that the server said it keeps. */
  promised: Map<number, string>;
  /** Versions up to this one were compared. */
  checked: number;
}

interface Running {
  readonly child: ChildProcess;
  readonly port: number;
}

export class Killings {
  readonly #accounts: Account[] = [];
  readonly #random: Random;
  #bodies = 0;
  #unacknowledged = 0;
  #recoveries = 0;
  #unfinished = 0;
  #killedWhileStarting = 0;

  /** @param program the extracted `config_server.mjs` */
  constructor(
    private readonly program: string,
    seed: number,
  ) {
    this.#random = new Random(seed);
    for (let i = 0; i < DEVICES; i++) {
      this.#accounts.push({
        name: `router-${i}`,
        sent: new Set(),
        promised: new Map(),
        checked: 0,
      });
    }
  }

  /** @throws Error that says what is lost or torn, or that the server did not start by itself */
  async run(kills: number, progress: (done: number) => void): Promise<KillingsSummary> {
    let acknowledged = 0;
    for (let done = 0; done < kills; ) {
      const these = Math.min(KILLS_PER_STORE, kills - done);
      await this.#siege(these, done, progress);
      done += these;
      acknowledged += this.#accounts.reduce((sum, { promised }) => sum + promised.size, 0);
    }
    return {
      acknowledged,
      unacknowledged: this.#unacknowledged,
      recoveries: this.#recoveries,
      unfinished: this.#unfinished,
      killedWhileStarting: this.#killedWhileStarting,
    };
  }

  /** So many kills on a store of its own; then everything in it is compared once more. */
  async #siege(kills: number, before: number, progress: (done: number) => void): Promise<void> {
    for (const account of this.#accounts) {
      Object.assign(account, { sent: new Set(), promised: new Map(), checked: 0 });
    }
    const folder = await mkdtemp(path.join(tmpdir(), "socket-lab-soak-"));
    try {
      for (let done = 1; done <= kills; done++) {
        if (this.#below(STARTS_KILLED) === 0) await this.#killStarting(folder);
        else await this.#killWriting(folder, before + done);
        progress(before + done);
      }
      for (const account of this.#accounts) account.checked = 0;
      const last = await this.#start(folder);
      this.#unacknowledged += await this.#compare(last, "at the end").finally(() =>
        kill(last.child),
      );
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  async #killStarting(folder: string): Promise<void> {
    const child = this.#spawn(folder);
    child.stdout?.resume();
    await pause(this.#below(START_KILLED_WITHIN_MS));
    await kill(child);
    this.#killedWhileStarting++;
  }

  async #killWriting(folder: string, round: number): Promise<void> {
    const server = await this.#start(folder);
    try {
      await this.#compare(server, `after kill ${round}`);
      const enough = this.#below(ACKNOWLEDGED_MAX);
      let acknowledged = 0;
      let isEnough = () => {};
      const reached = new Promise<void>((resolve) => {
        isEnough = resolve;
      });
      const writers = Array.from({ length: WRITERS }, async () => {
        while (await this.#write(server)) if (++acknowledged >= enough) isEnough();
      });
      const tired = pause(ACKNOWLEDGED_WITHIN_MS, undefined, { ref: false });
      await Promise.race([reached, Promise.all(writers), tired]);
      await pause(this.#below(MOMENT_MAX_MS));
      await kill(server.child);
      await Promise.all(writers);
      if (acknowledged < enough) {
        throw new Error(
          `in round ${round} only ${acknowledged} of ${enough} writes were acknowledged`,
        );
      }
    } finally {
      await kill(server.child);
    }
  }

  #spawn(folder: string): ChildProcess {
    const args = [this.program, "--port", "0", "--store", path.join(folder, "store")];
    const env = { ...process.env, HOST: undefined, PORT: undefined, TOKEN: undefined };
    return spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"], env });
  }

  /** Starts the server with nothing but its usual arguments: it has to help itself. */
  async #start(folder: string): Promise<Running> {
    const child = this.#spawn(folder);
    let errors = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      errors += text;
    });
    if (child.stdout === null) throw new TypeError("the process has no standard output");
    const lines = createInterface({ input: child.stdout });
    lines.on("line", (line) => {
      if (!line.startsWith("Recovered: ")) return;
      this.#recoveries++;
      this.#unfinished += Number(/(\d+) unfinished/.exec(line)?.[1] ?? 0);
    });
    const signal = AbortSignal.timeout(START_MAX_MS);
    const ended = once(child, "close", { signal }).then(() => []);
    const [line] = await Promise.race([once(lines, "line", { signal }), ended]);
    const port = Number(/:(\d+)$/.exec(String(line))?.[1]);
    if (port > 0) return { child, port };
    await kill(child);
    throw new Error(`the server did not start again: ${errors.trim()}`);
  }

  /** @returns false when the server is gone: then nothing is promised */
  async #write({ port }: Running): Promise<boolean> {
    const account = this.#accounts[this.#below(DEVICES)];
    const body = Buffer.alloc(
      BODY_MIN_BYTES + this.#below(BODY_MAX_BYTES),
      `${++this.#bodies} ${account.name}\n`,
    );
    const sum = checksum(body);
    account.sent.add(sum);
    const path = `/configs/${account.name}`;
    let answer: Answer;
    try {
      answer = await ask({ host: "127.0.0.1", port, method: "PUT", path, body });
    } catch (error) {
      if (error instanceof SocketError) return false;
      throw error;
    }
    const { status, fields } = answer;
    if (status !== 201 && status !== 204) throw new Error(`PUT was answered ${status}`);
    const number = Number(/^"(\d+)-/.exec(fields.etag ?? "")?.[1]);
    if (account.promised.has(number)) throw new Error(`version ${number} was promised twice`);
    account.promised.set(number, sum);
    return true;
  }

  /** @returns how many of the versions compared were kept and not acknowledged */
  async #compare(server: Running, when: string): Promise<number> {
    const counts = this.#accounts.map((account) => this.#compareDevice(server, account, when));
    return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
  }

  async #compareDevice({ port }: Running, account: Account, when: string): Promise<number> {
    const { name, promised, sent } = account;
    const get = (path: string): Promise<Answer> => ask({ host: "127.0.0.1", port, path });
    const kept = new Set<number>();
    let next = `/configs/${name}/versions?limit=100`;
    while (next !== "") {
      const { status, body } = await get(next);
      if (status === 404 && promised.size === 0) return 0;
      if (status !== 200)
        throw new Error(`${when}, the versions of ${name} are answered ${status}`);
      const page: { versions: { version: number }[]; next?: string } = JSON.parse(String(body));
      for (const { version } of page.versions) if (version > account.checked) kept.add(version);
      const older = page.versions.at(-1)?.version ?? 0;
      next = older > account.checked ? (page.next ?? "") : "";
    }
    for (const number of promised.keys()) {
      if (number > account.checked && !kept.has(number)) {
        throw new Error(`${when}, version ${number} of ${name} is lost, and was acknowledged`);
      }
    }
    let unacknowledged = 0;
    for (const number of kept) {
      const { status, body } = await get(`/configs/${name}/versions/${number}`);
      const sum = checksum(body);
      const wanted = promised.get(number);
      if (status !== 200 || !sent.has(sum) || (wanted !== undefined && wanted !== sum)) {
        throw new Error(
          `${when}, version ${number} of ${name} is not what was put (status ${status})`,
        );
      }
      if (wanted === undefined) unacknowledged++;
    }
    account.checked = Math.max(account.checked, ...kept);
    return unacknowledged;
  }

  #below(bound: number): number {
    return this.#random.below(bound);
  }
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "close");
  child.kill("SIGKILL");
  await gone;
}

function checksum(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
