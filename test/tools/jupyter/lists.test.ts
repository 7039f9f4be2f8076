/** What the repository itself pins, and what the notebooks say of their kernel. */
import path from "node:path";
import { expect, test } from "vitest";
import { isNewEnough } from "../../../src/tools/jupyter/jupyterlab";
import { readRequirements } from "../../../src/tools/jupyter/requirements";
import { kernelInfo } from "../../../src/tools/kernel/kernel-info";
import { tslabVersions } from "../../../src/tools/kernel/tslab";
import { listNotebooks, readNotebook } from "../../../src/tools/notebook/files";
import { REPOSITORY } from "../commands/support";

test("every version is exact, and no package is pinned twice", () => {
  const names = readRequirements(path.join(REPOSITORY, "test/browser/requirements.txt")).map(
    ({ name }) => name,
  );
  expect(names).toContain("jupyterlab");
  expect(names).toContain("jupyterhub");
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
});

test("JupyterLab 3 is too old", () => {
  expect(["3.6.8", "4.0.13", "4.6.6", "5.0.0a1"].map(isNewEnough)).toEqual([
    false,
    true,
    true,
    true,
  ]);
});

test("notebooks describe their language as the kernel does, so that saving in JupyterLab leaves it", async () => {
  const versions = { kernel: "", ...tslabVersions(REPOSITORY) };
  const { language_info } = kernelInfo(versions);
  for (const file of await listNotebooks(REPOSITORY)) {
    const { metadata } = await readNotebook(REPOSITORY, file);
    expect({ file, ...metadata }).toMatchObject({ file, language_info });
  }
});
