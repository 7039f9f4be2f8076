// A front end that is no more than VS Code's extension needs to be finds our kernel and runs a cell.
import { execFile } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { mkdir, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { setUp } from "../../../../src/tools/jupyter/setup/setup";
import { atEndOfFile } from "../../../support/end-of-file";
import { KERNEL_TEST_TIMEOUT_MS, REPOSITORY } from "../../kernel/support";
import { kernelsNamed, startFor, type Workspace } from "./support/as-vscode";

const run = promisify(execFile);

/** What a kernel and a cell that imports need; the packages are linked. */
const COPIED = [".jupyter", "src", "notebooks/02-tcp.ipynb", "package.json", "tsconfig.json"];

const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "socket-lab-test-")));
const root = path.join(folder, "the lab");
const home = path.join(folder, "home");
const workspace: Workspace = { folder: root, env: {}, home };
const notebook = path.join(root, "notebooks/02-tcp.ipynb");

beforeAll(async () => {
  atEndOfFile(() => rmSync(folder, { recursive: true, force: true }));
  for (const name of COPIED) {
    await mkdir(path.dirname(path.join(root, name)), { recursive: true });
    // With the times of the files, by which a build of the kernel is known: it is made already.
    await run("cp", ["-a", path.join(REPOSITORY, name), path.join(root, name)]);
  }
  await symlink(path.join(REPOSITORY, "node_modules"), path.join(root, "node_modules"));
});

describe("after npm run setup", { timeout: KERNEL_TEST_TIMEOUT_MS }, () => {
  const machine = { platform: process.platform, env: {}, home };

  it("VS Code's way leads to a kernel that imports src, whichever folder it starts in", async () => {
    expect(kernelsNamed("socket-lab", workspace)).toEqual([]);
    await setUp(root, machine);
    const [kernelspec = ""] = kernelsNamed("socket-lab", workspace);
    const client = await startFor(notebook, kernelspec);
    const code = [
      'import { formatEndpoint } from "./src/sockets/endpoint";',
      'console.log(formatEndpoint({ host: "::1", port: 80 }), process.cwd());',
    ].join("\n");
    const { reply, iopub } = await client.request("execute_request", { code });
    expect(reply.content).toMatchObject({ status: "ok" });
    const printed = iopub.filter(({ header }) => header.msg_type === "stream");
    expect(printed.map(({ content }) => content.text).join("")).toBe(`[::1]:80 ${root}\n`);
  });

  it("with --user the way leads through the home folder, from any workspace", async () => {
    const elsewhere = { ...workspace, folder };
    expect(kernelsNamed("socket-lab", elsewhere)).toEqual([]);
    await setUp(root, machine, { user: true });
    const [kernelspec = ""] = kernelsNamed("socket-lab", elsewhere);
    expect(kernelspec.startsWith(home)).toBe(true);
    expect(realpathSync(kernelspec)).toBe(path.join(root, ".jupyter/kernels/socket-lab"));
  });
});
