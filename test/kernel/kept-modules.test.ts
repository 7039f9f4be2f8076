// What kernels keep of the local files that cells import.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { startKernel } from "../../src/kernel/client";
import { importableFolder, KERNEL_TEST_TIMEOUT_MS, type Ran, REPOSITORY, run } from "./support";

const folder = importableFolder();

async function inNewKernel(...cells: string[]): Promise<Ran[]> {
  const kernel = await startKernel();
  try {
    const ran: Ran[] = [];
    for (const cell of cells) ran.push(await run(kernel, cell));
    return ran;
  } finally {
    await kernel.shutdown();
  }
}

const IMPORT = `import { fail, name } from "${folder.specifier}/kept"; console.log(name);`;
const IMPORT_WRONG = `import { n } from "${folder.specifier}/wrong"; console.log(n);`;

test("an unedited import is taken from the cache, with its lines in tracebacks; an edited or wrong one is not", {
  timeout: KERNEL_TEST_TIMEOUT_MS,
}, async () => {
  const write = (name: string) =>
    folder.write(
      "kept.ts",
      `export const name: string = "${name}";\nexport function fail(): never {\n  throw new Error(name);\n}\n`,
    );
  const expectWrongRefused = (ran: Ran | undefined) => {
    expect(ran?.status).toBe("error");
    expect(ran?.error?.traceback.join("\n")).toContain("wrong.ts:1:14");
  };
  write("first-name");
  folder.write("wrong.ts", "export const n: number = 'x';\n");
  const before = await inNewKernel(IMPORT, "fail();", IMPORT_WRONG);
  expect(before[0]?.stdout).toBe("first-name\n");
  expect(before[1]?.error?.traceback.join("\n")).toContain("kept.ts:3:9");
  expectWrongRefused(before[2]);

  // A cached translation is told from a new one by a change that only the cache has.
  const cache = path.join(REPOSITORY, "node_modules", ".cache", "socket-lab");
  const sets = readdirSync(cache, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".json"))
    .map((name) => path.join(cache, name))
    .filter((file) => readFileSync(file, "utf8").includes("first-name"));
  expect(sets).not.toEqual([]);
  for (const file of sets) {
    writeFileSync(file, readFileSync(file, "utf8").replaceAll("first-name", "from-cache"));
  }
  const again = await inNewKernel(IMPORT, "fail();", IMPORT_WRONG);
  expect(again[0]?.stdout).toBe("from-cache\n");
  expect(again[1]?.error?.traceback.join("\n")).toContain("kept.ts:3:9");
  expectWrongRefused(again[2]);

  write("second-name");
  expect((await inNewKernel(IMPORT))[0]?.stdout).toBe("second-name\n");
});
