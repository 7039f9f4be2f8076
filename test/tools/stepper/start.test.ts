/** scripts/run.mjs, which makes `npm start` quick: it builds what has changed, and nothing else. */
import { cp, mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { type ChildEnd, startChild } from "../../support/child";
import { REPOSITORY } from "../commands/support";

/** A repository with the launcher and a program of one line. */
async function repository(): Promise<string> {
  const root = await mkdtemp(path.join(tmpdir(), "socket-lab-start-"));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  for (const folder of ["scripts", "src/tools/stepper", "src/tools/notebook", "src/tools/kernel"]) {
    await mkdir(path.join(root, folder), { recursive: true });
  }
  for (const copied of ["scripts/run.mjs", "src/tools/build"]) {
    await cp(path.join(REPOSITORY, copied), path.join(root, copied), { recursive: true });
  }
  await writeFile(path.join(root, "package.json"), "{}");
  await writeFile(path.join(root, "package-lock.json"), "{}");
  await write(root, "one");
  return root;
}

/** @param word what the program says, from a file that it imports */
async function write(root: string, word: string): Promise<void> {
  await writeFile(
    path.join(root, "src/tools/stepper/word.ts"),
    `export const word: string = "${word}";`,
  );
  const file = path.join(root, "scripts/start.ts");
  await writeFile(
    file,
    'import { word } from "../src/tools/stepper/word";\nconsole.log(word, import.meta.url);',
  );
  // Two writes within one tick of the clock must differ.
  await utimes(file, new Date(), new Date(Date.now() + word.length));
}

const start = (root: string): Promise<ChildEnd> =>
  startChild(process.execPath, [path.join(root, "scripts/run.mjs"), "start"], { cwd: root }).end();

it("says what to do when nothing is installed", async () => {
  const root = await repository();
  const { status, stderr } = await start(root);
  expect([status, stderr]).toEqual([1, `The lab is not installed: run "npm ci" in ${root}\n`]);
});

it("builds once, and again when a source has changed; sources know where they stand", async () => {
  const root = await repository();
  await mkdir(path.join(root, "node_modules"));
  await symlink(
    path.join(REPOSITORY, "node_modules/esbuild"),
    path.join(root, "node_modules/esbuild"),
  );
  const place = new URL(`file://${root}/scripts/start.ts`).href;
  expect((await start(root)).stdout).toBe(`one ${place}\n`);
  expect((await start(root)).stdout).toBe(`one ${place}\n`);
  const cache = path.join(root, "node_modules/.cache/socket-lab-start");
  expect(await readdir(cache)).toHaveLength(1);
  await write(root, "three");
  expect((await start(root)).stdout).toBe(`three ${place}\n`);
  expect(await readdir(cache)).toHaveLength(2);
});
