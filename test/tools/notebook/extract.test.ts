import { execFile } from "node:child_process";
import { mkdir, readdir, stat, symlink } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { NotebookErrors } from "../../../src/tools/notebook/errors";
import { extractCopies, extractPrograms } from "../../../src/tools/notebook/extract";
import { findNotebooks } from "../../../src/tools/notebook/files";
import { runFileHere } from "../commands/in-process";
import { type LabFolder, labFolder, notebookText } from "./support/lab-folder";

const run = promisify(execFile);
const REPOSITORY = path.resolve(import.meta.dirname, "../../..");

/** Two programs, of which one imports the other; both can fail. */
const PAIR = `%% md intro
# Two programs
%% code helper-cell
/** @module helper */
import { shout } from "./src/shout";

export function check(word: string): string {
  if (word === "bad") throw new TypeError(shout("a bug"));
  return word;
}
export const main = (): void => console.log("helper runs");
%% code prog-cell
/** @module prog */
import { check } from "./helper";
import type { shout } from "./src/shout";

export type Shout = typeof shout;
export const main = (argv: string[]): void => {
  const ü = "é"; console.log(\`prog runs \${check(argv[0] ?? "well")}\`);
};
`;

async function messages(lab: LabFolder): Promise<string[]> {
  const error = await extractPrograms(lab.root).catch((thrown: unknown) => thrown);
  if (!(error instanceof NotebookErrors)) throw new Error(`not NotebookErrors: ${String(error)}`);
  return error.errors.map(({ message }) => message);
}

/** Standard error of a command that fails. */
async function failure(command: string[], cwd: string): Promise<string> {
  const [file = "", ...args] = command;
  return run(file, args, { cwd }).then(
    ({ stdout }) => Promise.reject(new Error(`did not fail: ${stdout}`)),
    ({ stderr }: { stderr: string }) => stderr,
  );
}

describe("extracting programs", () => {
  it("writes a readable .ts file, headed by the notebook and cell that it came from", async () => {
    const lab = await labFolder({ "02-pair": PAIR });
    await extractPrograms(lab.root);
    const text = await lab.read("dist/prog.ts");
    expect(text).toMatch(/^\/\/ prog: extracted from notebooks\/02-pair\.ipynb#prog-cell by/);
    expect(text).toContain('\nimport { check } from "./helper";\n');
    expect(text).toContain('\nimport type { shout } from "../src/shout";\n');
    expect(text).toContain("\nrunAsMain(main, import.meta.url);\n");
  });

  it("writes a .mjs file that runs anywhere, alone, and runs only its own main", async () => {
    const lab = await labFolder({ "02-pair": PAIR });
    await extractPrograms(lab.root);
    await mkdir(lab.path("elsewhere"));
    await lab.write("elsewhere/copy.mjs", await lab.read("dist/prog.mjs"));
    const { stdout } = await run("node", ["copy.mjs", "alone"], { cwd: lab.path("elsewhere") });
    expect(stdout).toBe("prog runs alone\n");
  });

  it("writes a cell without main that a program imports as a part: to read, not to run", async () => {
    const lab = await labFolder({
      "02-one": `%% code part
/** @module part */
export const word = "part";
%% code whole
/** @module whole */
import { word } from "./part";
export const main = (): void => console.log(word);
`,
    });
    const { programs } = await extractPrograms(lab.root);
    expect(programs.map(({ name }) => name)).toEqual(["whole"]);
    const names = (await readdir(lab.path("dist"))).sort();
    expect(names).toEqual(["part.ts", "whole.mjs", "whole.mjs.map", "whole.ts"]);
    expect(await lab.read("dist/part.ts")).not.toContain("runAsMain");
    expect((await runFileHere(lab.path("dist/whole.mjs"))).stdout).toBe("part\n");
  });

  it("leaves every byte and every file time alone when nothing changed", async () => {
    const lab = await labFolder({ "02-pair": PAIR });
    const first = await extractPrograms(lab.root);
    expect(first.changed).toHaveLength(6);
    const names = (await readdir(lab.path("dist"))).sort();
    const before = await Promise.all(names.map((name) => stat(lab.path(`dist/${name}`))));
    expect((await extractPrograms(lab.root)).changed).toEqual([]);
    const after = await Promise.all(names.map((name) => stat(lab.path(`dist/${name}`))));
    expect(after.map(({ mtimeMs, ino }) => [mtimeMs, ino])).toEqual(
      before.map(({ mtimeMs, ino }) => [mtimeMs, ino]),
    );
  });

  it("gives the same bytes in another folder", async () => {
    const one = await labFolder({ "02-pair": PAIR });
    const two = await labFolder({ "02-pair": PAIR });
    await Promise.all([extractPrograms(one.root), extractPrograms(two.root)]);
    for (const name of await readdir(one.path("dist"))) {
      expect(await two.read(`dist/${name}`)).toBe(await one.read(`dist/${name}`));
    }
  });

  it("removes the files of a program that is gone, and nothing else", async () => {
    const lab = await labFolder({ "02-pair": PAIR });
    await extractPrograms(lab.root);
    await lab.write("dist/mine.ts", "export const mine = 1;\n");
    await lab.notebook("02-pair", PAIR.slice(0, PAIR.indexOf("%% code prog-cell")));
    await extractPrograms(lab.root);
    expect((await readdir(lab.path("dist"))).sort()).toEqual([
      "helper.mjs",
      "helper.mjs.map",
      "helper.ts",
      "mine.ts",
    ]);
  });

  it("is safe when several extract at once", async () => {
    const lab = await labFolder({ "02-pair": PAIR });
    await Promise.all(Array.from({ length: 8 }, () => extractPrograms(lab.root)));
    expect((await readdir(lab.path("dist"))).filter((name) => name.startsWith("."))).toEqual([]);
    expect((await runFileHere(lab.path("dist/prog.mjs"))).stdout).toBe("prog runs well\n");
  });
});

describe("a stack trace of an extracted program names notebook, cell, line and column", () => {
  it("with node --enable-source-maps", async () => {
    const lab = await labFolder({ "02-pair": PAIR });
    await extractPrograms(lab.root);
    const stack = await failure(["node", "--enable-source-maps", "dist/prog.mjs", "bad"], lab.root);
    expect(stack).toMatch(/at check .*notebooks\/02-pair\.ipynb#helper-cell:5:29\b/);
    expect(stack).toMatch(/at main .*notebooks\/02-pair\.ipynb#prog-cell:7:43\b/);
    expect(stack).toContain('if (word === "bad") throw new TypeError'); // the cell's own line
  });

  it("with tsx on the .ts file", async () => {
    const lab = await labFolder({ "02-pair": PAIR });
    await extractPrograms(lab.root);
    await symlink(path.join(REPOSITORY, "node_modules"), lab.path("node_modules"));
    const stack = await failure(["node", "--import", "tsx", "dist/prog.ts", "bad"], lab.root);
    expect(stack).toMatch(/at check .*notebooks\/02-pair\.ipynb#helper-cell:5:29\b/);
    expect(stack).toMatch(/at main .*notebooks\/02-pair\.ipynb#prog-cell:7:43\b/);
  });
  // In a failing test: see test/tools/commands/watch.test.ts.
});

describe("an error in extracting names the cell:", () => {
  const program = (name: string, body: string): string =>
    `/** @module ${name} */\n${body}\nexport const main = (): void => {};\n`;
  const one = (body: string): Record<string, string> => ({
    "02-one": `%% code the-cell\n${program("one", body)}`,
  });

  it.each([
    ["a package", 'import chalk from "chalk";', ':2:20: "chalk" is a package'],
    ["a package's type", 'import type { C } from "chalk";', ':2:25: "chalk" is a package'],
    ["Node's module without node:", 'import net from "net";', ':2:18: write "node:net"'],
    [
      "an unknown node: module",
      'import net from "node:nett";',
      ':2:18: Node has no module "node:nett"',
    ],
    ["a missing file", 'import { a } from "./src/nope";', ':2:20: there is no file "src/nope.ts"'],
    ["a folder", 'import { a } from "./src/program";', ':2:20: "./src/program" is a folder'],
    ["a .ts ending", 'import { a } from "./src/shout.ts";', ':2:20: write "./src/shout"'],
    ["a way out of src", 'import { a } from "./src/../x";', ':2:20: "./src/../x" leads out of src'],
    ["an unknown cell", 'import { a } from "./other";', ':2:20: nothing is called "./other"'],
    [
      "a folder above",
      'import { a } from "../src/shout";',
      ':2:20: nothing is called "../src/shout"',
    ],
    ["a late dynamic import", 'const p = import("zod");', ':2:19: "zod" is a package'],
    [
      "an export that is not there",
      'import { no } from "./src/shout"; no();',
      ":2:10: No matching export",
    ],
    ["a syntax error", 'const ü = "é"; const = 3;', ":2:22: Expected identifier"],
  ])("%s", async (_what, body, expected) => {
    const lab = await labFolder(one(body));
    const [message, ...others] = await messages(lab);
    expect(message).toContain(`notebooks/02-one.ipynb#the-cell${expected}`);
    expect(others).toEqual([]);
    await expect(readdir(lab.path("dist"))).rejects.toThrow("ENOENT"); // nothing half-written
  });

  it("a name that stands twice, with both places", async () => {
    const lab = await labFolder({
      "02-one": `%% code first\n${program("same", "")}`,
      "03-two": `%% code second\n${program("Same", "")}`,
    });
    expect(await messages(lab)).toEqual([
      'notebooks/03-two.ipynb#second:1: the module "Same" stands in notebooks/02-one.ipynb#first already',
    ]);
  });

  it("a module cell of another notebook", async () => {
    const lab = await labFolder({
      "02-one": `%% code first\n${program("one", "")}`,
      "03-two": `%% code second\n${program("two", 'import { main as m } from "./one"; m();')}`,
    });
    expect(await messages(lab)).toEqual([
      'notebooks/03-two.ipynb#second:2:28: "./one" stands in notebooks/02-one.ipynb#first; ' +
        "a program imports module cells of its own notebook only",
    ]);
  });

  it("a program without main", async () => {
    const lab = await labFolder({ "02-one": "%% code a\n/** @module a */\nexport const b = 1;\n" });
    expect(await messages(lab)).toEqual([
      expect.stringContaining("notebooks/02-one.ipynb#a: a program exports `main`"),
    ]);
  });

  it.each([
    ["a name that is no module name", "/** @module tcp-server */\n", ':1: "tcp-server" cannot be'],
    ["a missing name", "/** @module */\n", ':1: "" cannot be'],
    ["a tag below the first line", "/**\n * @module late\n */\n", ": a program cell needs"],
  ])("%s", async (_what, source, expected) => {
    const lab = await labFolder({ "02-one": `%% code a\n${source}export const main = 1;\n` });
    expect((await messages(lab))[0]).toContain(`notebooks/02-one.ipynb#a${expected}`);
  });

  it("every error at once, each one time, in order", async () => {
    const lab = await labFolder({
      "02-one": `%% code a\n${program("a", 'import "zod";')}\n%% code b\n${program("b", 'import "./a"; const = 1;')}`,
    });
    const found = await messages(lab);
    expect(found).toHaveLength(2);
    expect(found[0]).toContain("#a:2:9:");
    expect(found[1]).toContain("#b:2:21:");
  });

  it("a package in a source file that a program imports", async () => {
    const lab = await labFolder(one('import { z } from "./src/uses-zod"; z();'));
    await lab.write("src/uses-zod.ts", 'export { z } from "zod";\n');
    expect((await messages(lab))[0]).toContain('src/uses-zod.ts:1:19: "zod" is a package');
  });
});

describe("with broken programs as stubs", () => {
  it("a broken program fails with its cell's error, and the others are written", async () => {
    const lab = await labFolder({ "02-pair": PAIR });
    await extractPrograms(lab.root);
    await lab.notebook("02-pair", PAIR.replace("const ü =", "const ="));
    const { errors } = await extractPrograms(lab.root, { brokenAsStubs: true });
    const place = "notebooks/02-pair.ipynb#prog-cell:7:9: ";
    expect(errors.map(({ message }) => message)).toEqual([expect.stringContaining(place)]);
    const broken = await runFileHere(lab.path("dist/prog.mjs"));
    expect(broken).toMatchObject({ status: 1, stderr: expect.stringContaining(place) });
    expect(await lab.read("dist/prog.ts")).toContain(place);
    expect((await runFileHere(lab.path("dist/helper.mjs"))).stdout).toBe("helper runs\n");

    await lab.notebook("02-pair", PAIR); // mended
    await extractPrograms(lab.root, { brokenAsStubs: true });
    expect((await runFileHere(lab.path("dist/prog.mjs"))).stdout).toBe("prog runs well\n");
  });

  it("a notebook that cannot be read fails each program that it held", async () => {
    const lab = await labFolder({ "02-pair": PAIR });
    await extractPrograms(lab.root);
    await lab.write("notebooks/02-pair.ipynb", "{");
    await extractPrograms(lab.root, { brokenAsStubs: true });
    for (const name of ["helper", "prog"]) {
      const { status, stderr } = await runFileHere(lab.path(`dist/${name}.mjs`));
      expect(stderr).toContain("notebooks/02-pair.ipynb:1:2: not JSON");
      expect(status).toBe(1);
    }
  });
});

describe("the learner's copies", () => {
  it("become programs of their own in dist/practice, whatever is wrong with others", async () => {
    const lab = await labFolder({ "02-pair": PAIR });
    const own = PAIR.replaceAll("runs", "walks");
    await lab.write("practice/02-pair.ipynb", notebookText(own));
    await lab.write("practice/03-bad.ipynb", "{");
    await extractPrograms(lab.root);
    const { programs, changed, errors } = await extractCopies(lab.root);
    expect(programs.map(({ file }) => file)).toEqual([
      "practice/02-pair.ipynb",
      "practice/02-pair.ipynb",
    ]);
    expect(changed.every((file) => file.startsWith("dist/practice/"))).toBe(true);
    expect(errors.map(({ message }) => message)).toEqual([
      expect.stringContaining("practice/03-bad.ipynb:1:2: not JSON"),
    ]);
    expect((await runFileHere(lab.path("dist/practice/prog.mjs"))).stdout).toBe(
      "prog walks well\n",
    );
    expect((await runFileHere(lab.path("dist/prog.mjs"))).stdout).toBe("prog runs well\n");
    const source = await lab.read("dist/practice/helper.ts");
    expect(source).toContain('from "../../src/shout"');
    const map = JSON.parse(await lab.read("dist/practice/prog.mjs.map"));
    expect(map.sources).toContain("../../practice/02-pair.ipynb%23prog-cell");

    // One alone: the programs of the others stay.
    await lab.write(
      "practice/04-more.ipynb",
      notebookText("%% code m\n/** @module more */\nexport const main = () => {};\n"),
    );
    const one = await extractCopies(lab.root, "practice/04-more.ipynb");
    expect(one.programs.map(({ name }) => name)).toEqual(["more"]);
    expect(await readdir(lab.path("dist/practice"))).toContain("prog.mjs");
    await lab.remove("practice/04-more.ipynb");
    expect([...(await extractCopies(lab.root)).changed].sort()).toEqual(
      ["more.mjs", "more.mjs.map", "more.ts"].map((name) => `dist/practice/${name}`),
    );
  });

  it("are chosen by their names, and never meant by others", async () => {
    const lab = await labFolder({ "02-pair": PAIR, "03-more": "" });
    const find = (...names: string[]) => findNotebooks(lab.root, names);
    await expect(find("practice/02")).rejects.toThrow("practice/02: there is no such copy");
    await lab.write("practice/02-pair.ipynb", notebookText(PAIR));
    expect(await find()).toEqual(["notebooks/02-pair.ipynb", "notebooks/03-more.ipynb"]);
    for (const name of ["02", "2", "02-pair", "pair", "Pair", "pa"]) {
      expect(await find(name)).toEqual(["notebooks/02-pair.ipynb"]);
      expect(await find(`practice/${name}`)).toEqual(["practice/02-pair.ipynb"]);
    }
    await expect(find("0")).rejects.toThrow("no part has this name; there are: 02-pair, 03-more");
    await expect(find("pari")).rejects.toThrow("no part has this name; did you mean pair?");
    expect(await find("practice/02")).toEqual(["practice/02-pair.ipynb"]);
    expect(await find("./practice/02-pair.ipynb", "03")).toEqual([
      "notebooks/03-more.ipynb",
      "practice/02-pair.ipynb",
    ]);
  });
});
