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
  // Also by a cell that imports more.
  folder.write("more.ts", "export const more: string = 'more';\n");
  const more = `import { more } from "${folder.specifier}/more"; console.log(more); ${IMPORT}`;
  const again = await inNewKernel(more, "fail();", IMPORT_WRONG);
  expect(again[0]?.stdout).toBe("more\nfrom-cache\n");
  expect(again[1]?.error?.traceback.join("\n")).toContain("kept.ts:3:9");
  expectWrongRefused(again[2]);

  write("second-name");
  expect((await inNewKernel(IMPORT))[0]?.stdout).toBe("second-name\n");
});

test("a file is checked anew when a file that it depends on was edited", {
  timeout: KERNEL_TEST_TIMEOUT_MS,
}, async () => {
  const write = (type: string, value: string) => {
    folder.write("leaf.ts", `export const leaf: ${type} = ${value};\n`);
    folder.write("everywhere.ts", `declare global { var labLeaf: ${type}; }\nexport {};\n`);
  };
  folder.write("through.ts", 'export * from "./leaf";\n');
  folder.write("user.ts", 'import { leaf } from "./through";\nexport const user: string = leaf;\n');
  folder.write("of-all.ts", "export const ofAll = (): string => labLeaf;\n");
  const user = `import { user } from "${folder.specifier}/user"; console.log(user);`;
  const ofAll = `import "${folder.specifier}/everywhere"; import { ofAll } from "${folder.specifier}/of-all"; console.log(typeof ofAll);`;
  write("string", "'leaf'");
  expect((await inNewKernel(user, ofAll)).map(({ stdout }) => stdout)).toEqual([
    "leaf\n",
    "function\n",
  ]);
  write("number", "5");
  const [usersError, ofAllsError] = (await inNewKernel(user, ofAll)).map(({ error }) =>
    error?.traceback.join("\n"),
  );
  expect(usersError).toContain("user.ts:2:14 Type 'number' is not assignable to type 'string'");
  expect(ofAllsError).toContain("of-all.ts:1:36 Type 'number' is not assignable to type 'string'");
});
