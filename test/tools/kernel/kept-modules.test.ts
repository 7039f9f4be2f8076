// What kernels keep of the local files that cells import.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, expect, test } from "vitest";
import { startKernel } from "../../../src/tools/kernel/client";
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
const IMPORT_MORE = `import { more } from "${folder.specifier}/more"; console.log(more); ${IMPORT}`;
const IMPORT_WRONG = `import { n } from "${folder.specifier}/wrong"; console.log(n);`;
const IMPORT_USER = `import { user } from "${folder.specifier}/user"; console.log(user);`;
const IMPORT_OF_ALL = `import "${folder.specifier}/everywhere"; import { ofAll } from "${folder.specifier}/of-all"; console.log(typeof ofAll);`;

function writeKept(name: string): void {
  folder.write(
    "kept.ts",
    `export const name: string = "${name}";\nexport function fail(): never {\n  throw new Error(name);\n}\n`,
  );
}

/** What two files depend on: one imports it by way of another, and one has it without an import. */
function writeBases(type: string, value: string): void {
  folder.write("leaf.ts", `export const leaf: ${type} = ${value};\n`);
  folder.write("everywhere.ts", `declare global { var labLeaf: ${type}; }\nexport {};\n`);
}

/** Changes what is kept: so a cached translation is told from a new one. */
function changeKept(from: string, to: string): void {
  const cache = path.join(REPOSITORY, "node_modules", ".cache", "socket-lab");
  const kept = readdirSync(cache, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".json"))
    .map((name) => path.join(cache, name))
    .filter((file) => readFileSync(file, "utf8").includes(from));
  expect(kept).not.toEqual([]);
  for (const file of kept) {
    writeFileSync(file, readFileSync(file, "utf8").replaceAll(from, to));
  }
}

let before: Ran[];
let after: Ran[];

beforeAll(async () => {
  writeKept("first-name");
  folder.write("more.ts", "export const more: string = 'more';\n");
  folder.write("wrong.ts", "export const n: number = 'x';\n");
  folder.write("through.ts", 'export * from "./leaf";\n');
  folder.write("user.ts", 'import { leaf } from "./through";\nexport const user: string = leaf;\n');
  folder.write("of-all.ts", "export const ofAll = (): string => labLeaf;\n");
  writeBases("string", "'leaf'");
  before = await inNewKernel(IMPORT, "fail();", IMPORT_WRONG, IMPORT_USER, IMPORT_OF_ALL);
  changeKept("first-name", "from-cache");
  writeBases("number", "5");
  after = await inNewKernel(IMPORT_MORE, "fail();", IMPORT_WRONG, IMPORT_USER, IMPORT_OF_ALL);
}, KERNEL_TEST_TIMEOUT_MS);

const traceback = (ran: Ran | undefined) => ran?.error?.traceback.join("\n");

test("an unedited import is taken from the cache, with its lines in tracebacks, also by a cell that imports more", () => {
  expect(before[0]?.stdout).toBe("first-name\n");
  expect(after[0]?.stdout).toBe("more\nfrom-cache\n");
  for (const ran of [before[1], after[1]]) expect(traceback(ran)).toContain("kept.ts:3:9");
});

test("a wrong import is refused each time", () => {
  for (const ran of [before[2], after[2]]) {
    expect(ran?.status).toBe("error");
    expect(traceback(ran)).toContain("wrong.ts:1:14");
  }
});

test("an edited import is not taken from the cache", {
  timeout: KERNEL_TEST_TIMEOUT_MS,
}, async () => {
  writeKept("second-name");
  expect((await inNewKernel(IMPORT))[0]?.stdout).toBe("second-name\n");
});

test("a file is checked anew when a file that it depends on was edited, imported or not", () => {
  expect(before.slice(3).map(({ stdout }) => stdout)).toEqual(["leaf\n", "function\n"]);
  const wrongType = "Type 'number' is not assignable to type 'string'";
  expect(traceback(after[3])).toContain(`user.ts:2:14 ${wrongType}`);
  expect(traceback(after[4])).toContain(`of-all.ts:1:36 ${wrongType}`);
});
