// The same routes on SQLite. BENCH_GROUPED=1: what comes in one turn of the event loop is one transaction.
import { createRequire } from "node:module";
import path from "node:path";
import { start } from "../../../dist/config_service";
import type { Changed, ConfigStore, Decide, Version } from "../../../src/store/config-store";
import { type Content, contentOf, receive } from "../../../src/store/content";
import { REAL_FILES } from "../../../src/store/file-system";
import { makeVersion } from "../../../src/store/version";

/** The little of better-sqlite3 that is used here; the package brings no types. */
interface Statement {
  run(...values: unknown[]): unknown;
  get(...values: unknown[]): Record<string, unknown> | undefined;
}
interface Database {
  pragma(text: string): unknown;
  exec(text: string): unknown;
  prepare(text: string): Statement;
}

const { BENCH_FOLDER = "", BENCH_SQLITE = "", BENCH_GROUPED } = process.env;
const Sqlite = createRequire(import.meta.url)(BENCH_SQLITE) as new (file: string) => Database;
const db = new Sqlite(path.join(BENCH_FOLDER, "configs.db"));
// Its fastest way of being as safe: a write-ahead log, synced at each commit.
db.pragma("journal_mode = WAL");
db.pragma("synchronous = FULL");
db.exec(`CREATE TABLE IF NOT EXISTS versions (name TEXT, number INTEGER, timeMs INTEGER, size INTEGER,
  tag TEXT, sha256 TEXT, deleted INTEGER, content BLOB, PRIMARY KEY (name, number))`);
const insert = db.prepare("INSERT INTO versions VALUES (?, ?, ?, ?, ?, ?, 0, ?)");
const latest = db.prepare(
  "SELECT number, timeMs, size, tag, sha256, deleted FROM versions WHERE name = ? ORDER BY number DESC LIMIT 1",
);
const select = db.prepare("SELECT content FROM versions WHERE name = ? AND number = ?");

function current(name: string): Version | undefined {
  const row = latest.get(name);
  return row && ({ ...row, deleted: false } as Version); // its columns are a Version's
}

/** @param content small enough to be in memory */
function put(name: string, content: Content, decide: Decide = () => undefined): Changed {
  const before = current(name);
  decide(before);
  const version = makeVersion((before?.number ?? 0) + 1, content);
  const { number, timeMs, size, tag, sha256 } = version;
  insert.run(name, number, timeMs, size, tag, sha256, content.bytes);
  return { version, before, changed: true };
}

/** Each makes its change, and returns what tells of it. */
let waiting: (() => () => void)[] = [];

/** All that came in this turn, in one transaction; told when it is committed. */
function together(name: string, content: Content, decide?: Decide): Promise<Changed> {
  return new Promise((resolve, reject) => {
    if (waiting.length === 0) {
      setImmediate(() => {
        const group = waiting;
        waiting = [];
        db.exec("BEGIN");
        const told = group.map((one) => one());
        db.exec("COMMIT");
        for (const tell of told) tell();
      });
    }
    waiting.push(() => {
      try {
        const changed = put(name, content, decide);
        return () => resolve(changed);
      } catch (error) {
        return () => reject(error);
      }
    });
  });
}

const store = {
  current,
  content: async (name: string, { number, sha256 }: Version) =>
    contentOf(select.get(name, number)?.content as Buffer, sha256),
  receive: (source: AsyncIterable<Uint8Array>) => receive(REAL_FILES, BENCH_FOLDER, source),
  put: BENCH_GROUPED
    ? together
    : async (name: string, content: Content, decide?: Decide) => put(name, content, decide),
};
// The routes that are measured call nothing else.
const server = await start(store as unknown as ConfigStore, { port: 0 });
console.log(server.local.port);
process.once("SIGTERM", () => void server.stop());
