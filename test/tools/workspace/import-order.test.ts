/** The rule of biome.json that imports point one way, tried with planted violations in a folder of its own. */
import { spawnSync } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { REPOSITORY, readJsonc } from "../../../scripts/workspace/jsonc";

const BIOME = createRequire(import.meta.url).resolve("@biomejs/biome/bin/biome");

/** The files of `planted` (by their path, what each imports) that lint names, each with the rule: `file rule`. */
async function lint(planted: Readonly<Record<string, string>>): Promise<string[]> {
  const folder = await mkdtemp(path.join(tmpdir(), "socket-lab-lint-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const file of ["biome.json", "scripts/print-only.grit"]) {
    await cp(path.join(REPOSITORY, file), path.join(folder, file));
  }
  for (const [file, imported] of Object.entries(planted)) {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
    const text = `import type * as other from "${imported}";\nexport type P = typeof other;\n`;
    await writeFile(path.join(folder, file), text);
  }
  const args = [BIOME, "lint", "--colors=off", "--max-diagnostics=none"];
  const { stderr } = spawnSync(process.execPath, args, { cwd: folder });
  const found = String(stderr).matchAll(/^(\S+):\d+:\d+ lint\/\w+\/(\w+)/gm);
  return [...found].map(([, file, rule]) => `${file} ${rule}`).sort();
}

it("refuses an import of a later room, even of a type", async () => {
  const planted = {
    "src/sockets/planted.ts": "../http/limits",
    "src/http/planted.ts": "../tools/practice/record",
    "src/wire/planted.ts": "../chart/number",
    "src/lab/apache/planted.ts": "../../store/version",
    "src/store/planted.ts": "../../test/store/support",
    "src/tools/kernel/planted.ts": "../notebook/files",
    "src/tools/practice/judges/planted.ts": "../../stepper/app",
    "src/tools/jupyter/setup/planted.ts": "../../../../scripts/python-tools",
  };
  const all = Object.keys(planted).map((file) => `${file} noRestrictedImports`);
  expect(await lint(planted)).toEqual(all.sort());
});

it("lets a later room import an earlier one", async () => {
  const planted = {
    "src/http/planted.ts": "../sockets/limits",
    "src/tools/book/planted.ts": "../../chart/number",
    "src/tools/stepper/planted.ts": "../practice/record",
  };
  expect(await lint(planted)).toEqual([]);
});

it("refuses a cycle of types", async () => {
  const planted = { "src/wire/one.ts": "./two", "src/wire/two.ts": "./one" };
  const both = ["src/wire/one.ts noImportCycles", "src/wire/two.ts noImportCycles"];
  expect(await lint(planted)).toEqual(both);
});

it("has a row for every room", async () => {
  const { overrides } = await readJsonc<{ overrides: { includes: string[] }[] }>("biome.json");
  const named = overrides.flatMap(({ includes }) => includes.join()).join("\n");
  for (const wing of ["src", "src/tools"]) {
    const rooms = await readdir(path.join(REPOSITORY, wing), { withFileTypes: true });
    for (const { name } of rooms.filter((entry) => entry.isDirectory() && entry.name !== "tools")) {
      expect(named, `${wing}/${name}`).toMatch(new RegExp(`${wing}/[{\\w,]*\\b${name}\\b`));
    }
  }
});
