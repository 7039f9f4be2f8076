// What kernels keep of the cells that they compiled.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { Kernel } from "../../../src/tools/kernel/client";
import {
  importableFolder,
  KERNEL_TEST_TIMEOUT_MS,
  kernelForFile,
  type Ran,
  REPOSITORY,
  run,
} from "./support";

const folder = importableFolder();
/** No other run of these tests has cells of this text. */
const ID = path.basename(folder.specifier);

const DECLARE = `const kept = "compiled ${ID}"; console.log(kept);`;
const USE = "console.log(kept.length > 0);";
const MODULE = `/** @module words */
export const word: string = "module ${ID}";
export function fail(): never {
  throw new Error(word);
}`;
const IMPORT_MODULE = 'import { fail, word } from "./words"; console.log(word);';
const IMPORT_FILE = `import { text } from "${folder.specifier}/edited"; console.log(text);`;
const IMPORT_FOUND = `import { place } from "${folder.specifier}/found"; console.log(place);`;
const CELLS = { DECLARE, USE, MODULE, IMPORT_MODULE, FAIL: "fail();", IMPORT_FILE, IMPORT_FOUND };

type RanCells = Record<keyof typeof CELLS, Ran>;

async function runAll(kernel: Kernel): Promise<RanCells> {
  const ran: Record<string, Ran> = {};
  for (const [cellId, code] of Object.entries(CELLS))
    ran[cellId] = await run(kernel, code, { cellId });
  return ran as RanCells;
}

/** Changes what is kept, to tell it from what is compiled anew. */
function changeKept(from: string, to: string): void {
  const cache = path.join(REPOSITORY, "node_modules", ".cache", "socket-lab");
  for (const name of readdirSync(cache, { recursive: true, encoding: "utf8" })) {
    if (!/[\\/](cells|modules)[\\/]\w+\.json$/.test(name)) continue;
    const file = path.join(cache, name);
    const text = readFileSync(file, "utf8");
    if (text.includes(from)) writeFileSync(file, text.replaceAll(from, to));
  }
}

let kernel: Kernel;
let before: RanCells;
let tooEarly: Ran;
let after: RanCells;

beforeAll(async () => {
  folder.write("edited.ts", 'export const text = "first";\n');
  folder.write("found.js", 'export const place = "found.js";\n');
  const first = await kernelForFile();
  before = await runAll(first);
  await first.shutdown();

  changeKept(`compiled ${ID}`, "from the cache");
  changeKept(`module ${ID}`, "module from the cache");
  folder.write("edited.ts", 'export const text = "second";\n');
  folder.write("found.ts", 'export const place = "found.ts";\n');
  kernel = await kernelForFile();
  tooEarly = await run(kernel, USE);
  after = await runAll(kernel);
}, KERNEL_TEST_TIMEOUT_MS);

const traceback = (ran: Ran) => ran.error?.traceback.join("\n");

describe("a cell that another kernel compiled", { timeout: KERNEL_TEST_TIMEOUT_MS }, () => {
  test("is not compiled again after the same earlier cells", () => {
    expect([before.DECLARE.stdout, after.DECLARE.stdout]).toEqual([
      `compiled ${ID}\n`,
      "from the cache\n",
    ]);
    expect(after.USE.stdout).toBe("true\n");
  });

  test("is compiled again after other earlier cells", () => {
    expect(traceback(tooEarly)).toContain("Cannot find name 'kept'");
  });

  test("may import a module cell, whose errors show its lines", () => {
    expect([before.IMPORT_MODULE.stdout, after.IMPORT_MODULE.stdout]).toEqual([
      `module ${ID}\n`,
      "module from the cache\n",
    ]);
    for (const { FAIL } of [before, after]) {
      expect(traceback(FAIL)).toMatch(/Error: module .*cell MODULE:4:9.*cell FAIL:1:1/s);
    }
  });

  test("is compiled again when a file that it imports was edited, or another one is found in its place", () => {
    expect([before.IMPORT_FILE.stdout, after.IMPORT_FILE.stdout]).toEqual(["first\n", "second\n"]);
    expect([before.IMPORT_FOUND.stdout, after.IMPORT_FOUND.stdout]).toEqual([
      "found.js\n",
      "found.ts\n",
    ]);
  });

  test("is there for cells that are new, and for completion", async () => {
    expect(traceback(await run(kernel, "const n: number = word;"))).toContain(
      "Type 'string' is not assignable to type 'number'",
    );
    expect((await kernel.complete("kept.toUp", 9)).matches).toContain("toUpperCase");
  });

  test("sees an edited module cell", async () => {
    await run(kernel, MODULE.replace(`"module ${ID}"`, '"edited module"'));
    expect((await run(kernel, IMPORT_MODULE)).stdout).toBe("edited module\n");
  });
});
