/** A throwaway repository with notebooks of its own, for tests of the notebook tools. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";

/** Cells as text: a line `%% md id` or `%% code id` begins each. */
export function notebookText(cells: string): string {
  const parts = cells.split(/^%% /m).slice(1);
  const lines = (text: string): string[] => (text === "" ? [] : text.split(/(?<=\n)/));
  return `${JSON.stringify(
    {
      cells: parts.map((part) => {
        const [head = "", ...rest] = part.split("\n");
        const [type, id, ...tags] = head.trim().split(/\s+/);
        const source = lines(rest.join("\n").replace(/\n+$/, ""));
        const metadata = tags.length > 0 ? { tags } : {};
        return type === "code"
          ? { cell_type: "code", execution_count: null, id, metadata, outputs: [], source }
          : { cell_type: "markdown", id, metadata, source };
      }),
      metadata: {
        kernelspec: {
          display_name: "TypeScript (Socket Lab)",
          language: "typescript",
          name: "socket-lab",
        },
      },
      nbformat: 4,
      nbformat_minor: 5,
    },
    null,
    1,
  )}\n`;
}

/** The smallest src/program/entry: runs main when its module is the one that was started. */
const ENTRY = `import { realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";
export function runAsMain(main: (argv: string[]) => unknown, url: string): void {
  if (process.argv[1] && realpathSync(process.argv[1]) === realpathSync(fileURLToPath(url))) {
    main(process.argv.slice(2));
  }
}
`;

export class LabFolder {
  readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  path(file: string): string {
    return path.join(this.root, file);
  }

  read(file: string): Promise<string> {
    return readFile(this.path(file), "utf8");
  }

  async write(file: string, text: string): Promise<void> {
    await mkdir(path.dirname(this.path(file)), { recursive: true });
    await writeFile(this.path(file), text);
  }

  remove(file: string): Promise<void> {
    return rm(this.path(file), { recursive: true });
  }

  /** Writes `notebooks/NAME.ipynb` with cells in the form of notebookText. */
  notebook(name: string, cells: string): Promise<void> {
    return this.write(`notebooks/${name}.ipynb`, notebookText(cells));
  }
}

/**
 * A folder with `notebooks/` and a small `src/`, removed when the test ends.
 *
 * @param onFinished a concurrent test's own `onTestFinished`
 */
export async function labFolder(
  notebooks: Record<string, string> = {},
  onFinished: (remove: () => Promise<void>) => void = onTestFinished,
): Promise<LabFolder> {
  const root = await mkdtemp(path.join(tmpdir(), "socket-lab-test-"));
  onFinished(() => rm(root, { recursive: true, force: true }));
  const folder = new LabFolder(root);
  await mkdir(folder.path("notebooks"));
  await folder.write("src/program/entry.ts", ENTRY);
  await folder.write(
    "src/shout.ts",
    "export const shout = (text: string): string => text.toUpperCase();\n",
  );
  for (const [name, cells] of Object.entries(notebooks)) await folder.notebook(name, cells);
  return folder;
}
