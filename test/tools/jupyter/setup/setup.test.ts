import {
  chmod,
  mkdir,
  readdir,
  readFile,
  readlink,
  rename,
  symlink,
  writeFile,
} from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { setUp, status, undo } from "../../../../src/tools/jupyter/setup/setup";
import { lab, unprivileged } from "./support/lab";

/** What stands in the folder and below it, with what it holds. */
async function snapshot(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const lines = entries.map(async (entry) => {
    const file = path.join(entry.parentPath, entry.name);
    if (entry.isFile()) return `${file}: ${await readFile(file, "utf8")}`;
    return entry.isSymbolicLink() ? `${file} -> ${await readlink(file)}` : file;
  });
  return (await Promise.all(lines)).sort();
}

const LINK = process.platform === "darwin" ? "Library/Jupyter" : ".local/share/jupyter";

describe("npm run setup", () => {
  it("writes .env and nothing else, once, and its undo leaves what was there", async () => {
    const { root, machine } = await lab();
    const before = await snapshot(path.dirname(root));
    expect((await status(root, machine)).inVscode).toBe(false);
    const first = await setUp(root, machine);
    expect(first[0]).toMatch(/^\.env: JUPYTER_PATH with .*the lab\/\.jupyter, written$/);
    const written = await snapshot(path.dirname(root));
    expect(written.filter((line) => !before.includes(line))).toEqual([
      expect.stringContaining(`${path.join(root, ".env")}: # Socket Lab`),
    ]);
    expect(await status(root, machine)).toMatchObject({ inVscode: true });
    expect((await setUp(root, machine))[0]).toMatch(/there already$/);
    expect(await snapshot(path.dirname(root))).toEqual(written);

    expect(await undo(root, machine)).toEqual([".env: JUPYTER_PATH without the kernel again"]);
    expect(await snapshot(path.dirname(root))).toEqual(before);
    expect(await undo(root, machine)).toEqual(["There is nothing to undo."]);
  });

  it("keeps the lines, the mode and the link of a .env that a person has", async () => {
    const { root, machine } = await lab({ JUPYTER_PATH: "/elsewhere" });
    const real = path.join(path.dirname(root), "secrets");
    await writeFile(real, "TOKEN=1\n", { mode: 0o600 });
    await symlink(real, path.join(root, ".env"));
    const before = await snapshot(path.dirname(root));
    await setUp(root, machine);
    expect(await readFile(real, "utf8")).toMatch(
      /\nJUPYTER_PATH=\$\{JUPYTER_PATH\}:.*\nTOKEN=1\n$/,
    );
    expect(await status(root, machine)).toMatchObject({ inVscode: true });
    await undo(root, machine);
    expect(await snapshot(path.dirname(root))).toEqual(before);
  });

  it("tells what VS Code and Jupyter find, each by its own rules", async () => {
    const { root, machine } = await lab();
    const own = path.join(root, ".jupyter");
    expect((await status(root, machine)).lines).toEqual([
      "VS Code, this folder open:      does not find it: run npm run setup",
      `jupyter, started in this shell: does not find it: set JUPYTER_PATH to ${own} first`,
    ]);
    const env = { JUPYTER_PATH: own };
    expect((await status(root, { ...machine, env })).lines).toEqual([
      `VS Code, this folder open:      finds the kernel in ${own}/kernels/socket-lab`,
      `jupyter, started in this shell: finds the kernel in ${own}/kernels/socket-lab`,
    ]);
    await writeFile(path.join(root, ".env"), "JUPYTER_PATH=/elsewhere\n"); // hides the environment's
    expect((await status(root, { ...machine, env })).inVscode).toBe(false);
  });

  it("with --user makes a link that every front end finds, and its undo removes it alone", async () => {
    const { root, machine } = await lab();
    const link = path.join(machine.home, LINK, "kernels/socket-lab");
    const [said] = await setUp(root, machine, { user: true });
    expect(said).toBe(`${link}: a link to the kernel, made`);
    expect(await readdir(root)).toEqual([".jupyter"]);
    expect(await status(root, machine)).toEqual({
      lines: [
        `VS Code, this folder open:      finds the kernel in ${link}`,
        `jupyter, started in this shell: finds the kernel in ${link}`,
      ],
      inVscode: true,
    });
    expect((await setUp(root, machine, { user: true }))[0]).toMatch(/there already$/);
    const other = path.join(machine.home, LINK, "kernels/python3");
    await mkdir(other);
    expect(await undo(root, machine)).toEqual([`${link}: the link is removed`]);
    expect(await readdir(path.dirname(link))).toEqual(["python3"]);
  });

  it("with --user respects JUPYTER_DATA_DIR, and says that VS Code does not", async () => {
    const { root, machine } = await lab();
    const env = { JUPYTER_DATA_DIR: path.join(machine.home, "data") };
    await setUp(root, { ...machine, env }, { user: true });
    expect(await readdir(machine.home)).toEqual(["data"]);
    const { lines, inVscode } = await status(root, { ...machine, env });
    expect(inVscode).toBe(false);
    expect(lines[1]).toContain("finds the kernel in ");
  });

  it.each(["a folder", "a file", "a link"])(
    "never touches %s of this name that is not ours",
    async (kind) => {
      const { root, machine } = await lab();
      const kernels = path.join(machine.home, LINK, "kernels");
      const theirs = path.join(kernels, "socket-lab");
      const spec = path.join(machine.home, "theirs");
      await mkdir(kernels, { recursive: true });
      await mkdir(spec);
      await writeFile(path.join(spec, "kernel.json"), "{}");
      if (kind === "a link") await symlink(spec, theirs);
      else if (kind === "a file") await rename(path.join(spec, "kernel.json"), theirs);
      else await rename(spec, theirs);
      const before = await snapshot(machine.home);
      await expect(setUp(root, machine, { user: true })).rejects.toThrow(
        `${theirs}: another kernel of this name is there (${kind}`,
      );
      if (kind !== "a file") {
        const { lines, inVscode } = await status(root, machine);
        expect([lines[0], inVscode]).toEqual([
          expect.stringContaining(`finds another of the same name in ${theirs}`),
          false,
        ]);
      }
      expect(await undo(root, machine)).toEqual(["There is nothing to undo."]);
      expect(await snapshot(machine.home)).toEqual(before);
    },
  );

  it("replaces a link of a repository that has moved", async () => {
    const { root, machine } = await lab();
    await setUp(root, machine, { user: true });
    const moved = `${root} moved`;
    await rename(root, moved);
    expect((await setUp(moved, machine, { user: true }))[0]).toMatch(/made$/);
    expect((await status(moved, machine)).inVscode).toBe(true);
  });

  it("says in one line what is in the way, and changes nothing", async () => {
    const { root, machine } = await lab();
    await mkdir(path.join(root, ".env"));
    const advice = "Mend it, or run npm run setup -- --user, which needs no file here.";
    await expect(setUp(root, machine)).rejects.toThrow(`.env: it is a folder. ${advice}`);
    await setUp(root, machine, { user: true });
    expect((await status(root, machine)).inVscode).toBe(true);

    const latin1 = await lab();
    await writeFile(path.join(latin1.root, ".env"), Buffer.from("NAME=\xe9\n", "latin1"));
    await expect(setUp(latin1.root, latin1.machine)).rejects.toThrow(".env: it is not UTF-8 text.");
    await writeFile(path.join(latin1.machine.home, ".local"), "");
    const blocked = {
      ...latin1.machine,
      env: { JUPYTER_DATA_DIR: path.join(latin1.machine.home, ".local/x") },
    };
    await expect(setUp(latin1.root, blocked, { user: true })).rejects.toThrow(
      /socket-lab: a part of the path is not a folder\. Set JUPYTER_DATA_DIR/,
    );
  });

  it("says where it may not write", async () => {
    const { root, machine } = await lab();
    for (const folder of [root, machine.home]) await chmod(folder, 0o555);
    await chmod(path.dirname(root), 0o755);
    await unprivileged(async () => {
      await expect(setUp(root, machine)).rejects.toThrow(".env: you may not write there.");
      await expect(setUp(root, machine, { user: true })).rejects.toThrow(
        /kernels\/socket-lab: you may not write there\. Set JUPYTER_DATA_DIR/,
      );
    });
    for (const folder of [root, machine.home]) await chmod(folder, 0o755);
  });

  it.skipIf(process.platform === "win32")(
    "says that a colon cannot stand in JUPYTER_PATH",
    async () => {
      const { root, machine } = await lab();
      const odd = path.join(path.dirname(root), "a:b");
      await rename(root, odd);
      await expect(setUp(odd, machine)).rejects.toThrow(
        /a path with ":" cannot stand in JUPYTER_PATH/,
      );
      expect(await undo(odd, machine)).toEqual(["There is nothing to undo."]);
    },
  );
});
