/** What cells import, and cells that are still to be written: the kernel compiles them with a TypeScript of its own, strictly. */
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { cp, readFile, symlink } from "node:fs/promises";
import path from "node:path";
import { beforeAll, expect, it } from "vitest";
import type { Kernel } from "../../../src/tools/kernel/client";
import { extractCopies, PRACTICE_PROGRAMS_FOLDER } from "../../../src/tools/notebook/extract";
import { makeCopy, practiceOf } from "../../../src/tools/practice/copies/copies";
import { JUDGES } from "../../../src/tools/practice/judges/all";
import { labFolder } from "../notebook/support/lab-folder";
import {
  importableFolder,
  KERNEL_TEST_TIMEOUT_MS,
  kernelForFile,
  REPOSITORY,
  run,
} from "./support";

const FOLDERS = ["sockets", "program", "http", "store", "diff", "scan"];

/** One for all: most of what it compiles, it compiles once. */
let kernel: Kernel;
beforeAll(async () => {
  kernel = await kernelForFile();
}, KERNEL_TEST_TIMEOUT_MS);

/** What is wrong with modules; undefined when nothing is. */
async function wrongWith(modules: readonly string[]): Promise<string | undefined> {
  expect(modules.length).toBeGreaterThan(0);
  // Imports of types alone: all is compiled, nothing is run.
  const imports = modules.map((name, i) => `import type * as m${i} from "${name}";`);
  return (await run(kernel, imports.join("\n"))).error?.traceback.join("\n");
}

it(`src/{${FOLDERS}} compile strictly with the kernel's TypeScript 5.0`, {
  timeout: KERNEL_TEST_TIMEOUT_MS,
}, async () => {
  const modules = FOLDERS.flatMap((folder) =>
    readdirSync(path.join(REPOSITORY, "src", folder)).map(
      (file) => `./src/${folder}/${path.parse(file).name}`,
    ),
  );
  expect(kernel.info).toMatchObject({
    language_info: { version: expect.stringMatching(/^5\.0\./) },
  });
  expect(await wrongWith(modules)).toBeUndefined();
});

/** Always the same, and left where it is: kernels know again what they have compiled, by its name and text. */
const BLANK_COPIES = ".lab/blank-copies";

/** The last line of a program: the one place that is not a cell's, and says import.meta. */
const FOOTER = "\nrunAsMain(main, import.meta.url);\n";

it("and so do blank copies, with stubs where solutions were", {
  timeout: KERNEL_TEST_TIMEOUT_MS,
}, async () => {
  const lab = await labFolder();
  await lab.remove("src");
  await symlink(path.join(REPOSITORY, "src"), lab.path("src"));
  await cp(path.join(REPOSITORY, "notebooks"), lab.path("notebooks"), { recursive: true });
  for (const judge of JUDGES) await makeCopy(lab.root, await practiceOf(lab.root, judge));
  const { errors } = await extractCopies(lab.root);
  expect(errors).toEqual([]);
  const folder = lab.path(PRACTICE_PROGRAMS_FOLDER);
  mkdirSync(path.join(REPOSITORY, BLANK_COPIES), { recursive: true });
  const modules: string[] = [];
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".ts"))) {
    const text = await readFile(path.join(folder, file), "utf8");
    writeFileSync(path.join(REPOSITORY, BLANK_COPIES, file), text.replace(FOOTER, "\n"));
    modules.push(`./${BLANK_COPIES}/${path.parse(file).name}`);
  }
  expect(await wrongWith(modules)).toBeUndefined();
  // It would have said so: this is wrong where types are strict, and nowhere else.
  const importable = importableFolder();
  importable.write("wrong.ts", "export const wrong: number = null;\n");
  expect(await wrongWith([`${importable.specifier}/wrong`])).toMatch(/not assignable/);
});
