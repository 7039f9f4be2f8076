import { readdirSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { KERNEL_TEST_TIMEOUT_MS, kernelForFile, REPOSITORY, run } from "../kernel/support";

/** What cells import: the kernel compiles it with a TypeScript of its own, strictly. */
const FOLDERS = ["sockets", "program", "http", "store", "diff", "scan"];

it(`src/{${FOLDERS}} compile strictly with the kernel's TypeScript 5.0`, {
  timeout: KERNEL_TEST_TIMEOUT_MS,
}, async () => {
  const modules = FOLDERS.flatMap((folder) =>
    readdirSync(path.join(REPOSITORY, "src", folder)).map(
      (file) => `./src/${folder}/${path.parse(file).name}`,
    ),
  );
  const kernel = await kernelForFile();
  expect(kernel.info).toMatchObject({
    language_info: { version: expect.stringMatching(/^5\.0\./) },
  });
  // Imports of types alone: all is compiled, nothing is run.
  const imports = modules.map((name, i) => `import type * as m${i} from "${name}";`);
  expect((await run(kernel, imports.join("\n"))).error?.traceback.join("\n")).toBeUndefined();
});
