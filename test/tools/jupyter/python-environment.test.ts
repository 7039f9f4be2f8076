/** The installation of Python packages, with a Python that only writes down what it is asked for. */
import { rmSync, writeFileSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { JupyterError } from "../../../src/tools/jupyter/jupyter-error";
import { install, isInstalled } from "../../../src/tools/jupyter/python-environment";

/** Makes environments with a copy of itself, and "installs" unless there is a file `offline` beside `asked`. */
const FAKE_PYTHON = `#!/bin/sh
case "$1 $2" in
  "-c import sys; print("*"[:2])") echo 3 12 ;;
  "-c "*) echo "# 3 12 $0" ;;
  "-m venv") mkdir -p "$3/bin" && cp "$0" "$3/bin/python" && echo "venv" >> "$ASKED" ;;
  "-m pip")
    shift 3
    if [ -e "$ASKED.offline" ]; then echo "ERROR: No matching distribution found" >&2; exit 1; fi
    echo "pip $*" >> "$ASKED" ;;
esac
`;

interface Machine {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  list(...lines: string[]): Promise<string>;
  /** At once: the next package may be asked for already. */
  offline(is: boolean): void;
  /** What Python was asked for since the last call, without pip's options. */
  asked(): Promise<string[]>;
}

/** A machine with nothing but this Python on PATH. */
async function machine(python = FAKE_PYTHON): Promise<Machine> {
  const root = await mkdtemp(path.join(tmpdir(), "socket-lab-python-"));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const asked = path.join(root, "asked");
  await mkdir(path.join(root, "bin"));
  await writeFile(path.join(root, "bin", "python3"), python);
  await chmod(path.join(root, "bin", "python3"), 0o755);
  return {
    folder: path.join(root, "venv"),
    env: { PATH: `${path.join(root, "bin")}:/usr/bin:/bin`, ASKED: asked },
    async list(...lines) {
      const file = path.join(root, "requirements.txt");
      await writeFile(file, `# a list\n${lines.join("\n")}\n`);
      return file;
    },
    offline(is) {
      if (is) writeFileSync(`${asked}.offline`, "");
      else rmSync(`${asked}.offline`);
    },
    async asked() {
      const text = await readFile(asked, "utf8").catch(() => "");
      await rm(asked, { force: true });
      return text
        .split("\n")
        .filter(Boolean)
        .map((line) => line.replace(/--\S+ (off )?/g, ""));
    },
  };
}

const PINS = ["one==1.0", "Two_two==2.0", "three==3.0"];

describe.skipIf(process.platform === "win32")("installing packages", () => {
  test("makes an environment, installs a few packages at a time, and then has nothing to do", async () => {
    const { folder, env, list, asked } = await machine();
    const requirements = await list(...PINS);
    const progress: string[] = [];
    const onProgress = (done: number, total: number) => void progress.push(`${done}/${total}`);
    expect(isInstalled(folder, requirements)).toBe(false);
    await install({ folder, requirements, env, batchPackages: 2, onProgress });
    expect(await asked()).toEqual([
      "venv",
      "pip one==1.0 Two_two==2.0",
      "pip three==3.0",
      `pip ${requirements}`,
    ]);
    expect(progress).toEqual(["0/3", "2/3", "3/3"]);
    expect(isInstalled(folder, requirements)).toBe(true);
    await install({ folder, requirements, env });
    expect(await asked()).toEqual([]);
  });

  test("goes on where it stopped when the network comes back", async () => {
    const { folder, env, list, offline, asked } = await machine();
    const requirements = await list(...PINS);
    const onProgress = (done: number) => (done === 1 ? offline(true) : undefined);
    const stopped = install({ folder, requirements, env, batchPackages: 1, onProgress });
    await expect(stopped).rejects.toThrow(
      /is the Python package index reachable\? ERROR: No match/,
    );
    await asked();
    offline(false);
    await install({ folder, requirements, env });
    expect((await asked())[0]).toMatch(/^pip .*three==3.0$/);
    expect(isInstalled(folder, requirements)).toBe(true);
  });

  test("goes on where it was told to stop", async () => {
    const { folder, env, list, asked } = await machine();
    const requirements = await list(...PINS);
    const stop = new AbortController();
    const onProgress = (done: number) => (done === 2 ? stop.abort(new Error("stop")) : undefined);
    const { signal } = stop;
    await expect(
      install({ folder, requirements, env, batchPackages: 2, onProgress, signal }),
    ).rejects.toThrow("stop");
    await asked();
    await install({ folder, requirements, env });
    expect(await asked()).toEqual(["pip three==3.0", `pip ${requirements}`]);
  });

  test("adds what another list has, and begins anew for another version", async () => {
    const { folder, env, list, asked } = await machine();
    await install({ folder, requirements: await list(...PINS), env });
    await asked();
    const more = await list(...PINS, "four==4.0");
    await install({ folder, requirements: more, env });
    expect(await asked()).toEqual(["pip four==4.0", `pip ${more}`]);
    const newer = await list("one==1.0", "two-two==2.1");
    await install({ folder, requirements: newer, env });
    expect(await asked()).toEqual(["venv", "pip one==1.0 two-two==2.1", `pip ${newer}`]);
  });

  test("says which Python is too old, and that there is none", async () => {
    const old = await machine("#!/bin/sh\necho 3 9\n");
    const requirements = await old.list(...PINS);
    const { folder } = old;
    const env = { ...old.env, PATH: path.dirname(String(old.env.ASKED)) };
    await expect(install({ folder, requirements, env })).rejects.toThrow(
      /needs Python 3\.10 or later, and there is none on PATH: see https/,
    );
    env.PATH = path.join(env.PATH, "bin");
    const refused = install({ folder, requirements, env });
    await expect(refused).rejects.toThrow(/none on PATH \(\S+python3 is 3\.9\): see/);
    await expect(refused).rejects.toBeInstanceOf(JupyterError);
  });

  test("says that the venv module is missing", async () => {
    const { folder, env, list } = await machine(
      FAKE_PYTHON.replace(
        /"-m venv"\).*/,
        '"-m venv") echo "ensurepip is not available"; exit 1 ;;',
      ),
    );
    await expect(install({ folder, requirements: await list(...PINS), env })).rejects.toThrow(
      /venv module may be missing.*python3-venv\): ensurepip is not available/,
    );
  });

  test("refuses a list whose versions are not exact, naming the line", async () => {
    const { folder, list } = await machine();
    const requirements = await list("one==1.0", "two>=2");
    expect(() => isInstalled(folder, requirements)).toThrow(
      /requirements\.txt:3: not a package with an exact version: two>=2/,
    );
  });
});
