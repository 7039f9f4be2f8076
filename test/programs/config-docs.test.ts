/** The table of routes in docs/config-server.md: every row is walked with curl, as it is written there. */
import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { changes } from "../../dist/config_changes";
import { reads } from "../../dist/config_reads";
import { openStore } from "../../src/store/config-store";
import { requireTool } from "../support/tools";
import { startHere, tempFolder } from "./config-support";

const run = promisify(execFile);
const DOCUMENT = path.resolve(import.meta.dirname, "../../docs/config-server.md");

interface Row {
  readonly request: string;
  /** Statuses that the row speaks of. */
  readonly statuses: readonly number[];
  readonly command: string;
}

async function rows(): Promise<Row[]> {
  const text = await readFile(DOCUMENT, "utf8");
  return Array.from(text.matchAll(/^\| (.+?) \| (.+?) \| `(curl .*configs.*)` \|$/gm), (match) => {
    const [, request = "", answers = "", command = ""] = match;
    const statuses = Array.from(answers.matchAll(/\b[2-5]\d\d\b/g), ([status]) => Number(status));
    return { request, statuses, command };
  });
}

test("curl walks through every route of the table, in its order", async (ctx) => {
  await requireTool(ctx, "curl", "sudo apt-get install curl");
  const table = await rows();
  const folder = await tempFolder();
  await writeFile(path.join(folder, "core-1.cfg"), "hostname core-1\nmtu 1500\n");
  const server = await startHere();
  const seen = new Map<string, number>();
  for (const { request, statuses, command } of table) {
    // The tag in the table means the current one.
    const { etag } = (await server.send("GET", "/configs/core-1")).fields;
    const now = command
      .replace(":8000/", `:${server.port}/`)
      .replace(/"1-5f0c1d2e3a4b"/, etag ?? '"x"');
    const { stdout } = await run("sh", ["-c", now], { cwd: folder });
    const status = Number(/^HTTP\/1\.1 (?!100)(\d{3}) /m.exec(stdout)?.[1]);
    expect(statuses, `${command}\n${stdout}`).toContain(status);
    seen.set(request, status);
    if (seen.size === 1)
      await writeFile(path.join(folder, "core-1.cfg"), "hostname core-1\nmtu 9000\n");
  }
  expect(seen.size).toBe(table.length);
  expect(new Set(seen.values())).toEqual(new Set([200, 201, 204, 304, 412]));
});

test("the table has every route that there is", async () => {
  const store = await openStore(path.join(await tempFolder(), "store"));
  const routes = Object.keys({ ...reads(store, false), ...changes(store) });
  await store.close();
  const requests = (await rows()).map(({ request }) => request.replaceAll("`", ""));
  expect(routes.length).toBeGreaterThan(5);
  for (const route of routes) expect(requests).toContain(route.replace("{number}", "{n}"));
});
