import { beforeAll, describe, expect, test } from "vitest";
import type { Kernel } from "../../../src/tools/kernel/client";
import { importableFolder, KERNEL_TEST_TIMEOUT_MS, kernelForFile, run } from "./support";

let kernel: Kernel;

beforeAll(async () => {
  kernel = await kernelForFile();
}, KERNEL_TEST_TIMEOUT_MS);

const traceback = async (code: string, cellId?: string): Promise<string> => {
  const { error } = await run(kernel, code, cellId ? { cellId } : {});
  return error?.traceback.join("\n") ?? "";
};

describe("the traceback of an error", { timeout: KERNEL_TEST_TIMEOUT_MS }, () => {
  test("names the execution when the cell has no id", async () => {
    const { executionCount, error } = await run(kernel, "\n\nthrow new RangeError('far');");
    expect(error?.traceback[1]).toBe(`    at In [${executionCount}]:3:7`);
  });

  test("names the lines of code after an await, and the awaiting caller", async () => {
    const code = [
      "async function later(): Promise<void> {",
      "  await new Promise((resolve) => setTimeout(resolve, 1));",
      "  throw new Error('late');",
      "}",
      "",
      "await later();",
    ].join("\n");
    expect(await traceback(code, "awaiting")).toBe(
      [
        "Error: late",
        "    at later (cell awaiting:3:9)",
        "     3 |   throw new Error('late');",
        "       |         ^",
        "    at async cell awaiting:6:1",
      ].join("\n"),
    );
  });

  test("names lines that types and comments put elsewhere in the emitted code", async () => {
    const code = [
      "interface Point { x: number; y: number }",
      "// a comment",
      "type Pair = [Point, Point];",
      "enum Colour { Red, Green }",
      "const origin: Point = { x: 0, y: 0 };",
      "class Box<T> {",
      "  constructor(private readonly value: T) {}",
      "  open(): T { if (origin.x === 0) throw new Error('closed' + Colour[1]); return this.value; }",
      "}",
      "new Box<Pair | null>(null).open();",
    ].join("\n");
    const text = await traceback(code, "typed");
    expect(text).toContain("at Box.open (cell typed:8:41)");
    expect(text).toContain("at cell typed:10:28");
  });

  test("names the module cell and the file that threw, by their own lines", async () => {
    const folder = importableFolder();
    folder.write(
      "file.ts",
      "type Unused = string;\n\nexport function deep(): never {\n  throw new Error('deep');\n}\n",
    );
    await run(
      kernel,
      `/** @module thrower */\nimport { deep } from "${folder.specifier}/file";\n\nexport function run(): void {\n  deep();\n}`,
      { cellId: "module-cell" },
    );
    const text = await traceback("import { run } from './thrower';\nrun();", "caller");
    const file = folder.specifier.replace("./", "");
    const lines = text.split("\n");
    expect(lines.slice(0, 4)).toEqual([
      "Error: deep",
      `    at deep (${file}/file.ts:4:9)`,
      "     4 |   throw new Error('deep');",
      "       |         ^",
    ]);
    expect(lines[4]).toMatch(/^ {4}at run \(cell module-cell:5:\d+\)$/);
    expect(lines[5]).toMatch(/^ {4}at cell caller:2:\d+$/);
  });

  test("shows neither Node's inside nor the kernel's", async () => {
    const text = await traceback("JSON.parse('{');");
    expect(text).toMatch(/^SyntaxError: /);
    expect(text).not.toMatch(/node:|node_modules|launcher|tslab/);
  });

  test("tells causes, fields and the parts of an aggregate", async () => {
    const caused = await traceback(
      "throw Object.assign(new Error('outer', { cause: new TypeError('inner') }), { code: 'E42' });",
    );
    expect(caused).toMatch(/^Error: outer/);
    expect(caused).toContain("{ code: 'E42' }");
    expect(caused).toContain("caused by: TypeError: inner");
    const many = await traceback("throw new AggregateError([new Error('a'), 'b'], 'both');");
    expect(many).toMatch(/^AggregateError: both/);
    expect(many).toContain("error 1 of 2: Error: a");
    expect(many).toContain("error 2 of 2: 'b'");
  });

  test("tells of a thrown value that is not an error", async () => {
    const { error } = await run(kernel, "throw { status: 404 };");
    expect(error).toMatchObject({ ename: "NonError", evalue: "{ status: 404 }" });
    expect((await run(kernel, "throw undefined;")).error?.evalue).toBe("undefined");
  });

  test("is what error.stack says inside a cell, too", async () => {
    const { stdout } = await run(
      kernel,
      "try {\n  null!.x;\n} catch (e) {\n  console.log((e as Error).stack);\n}",
      {
        cellId: "stack",
      },
    );
    expect(stdout).not.toContain("node:");
    const own = await run(kernel, "console.log(new Error('here').stack);", { cellId: "stack" });
    expect(own.stdout).toBe("Error: here\n    at cell stack:1:13\n");
  });

  test("names the loop that was interrupted", async () => {
    const started = run(kernel, "let n = 0;\nawait null;\nwhile (true) {\n  n++;\n}", {
      cellId: "endless",
    });
    await kernel.interrupt();
    expect((await started).error?.ename).toBe("KernelInterrupted");
  });
});

describe("a cell that does not compile", { timeout: KERNEL_TEST_TIMEOUT_MS }, () => {
  test("lists every problem with its line and a caret", async () => {
    const { error } = await run(kernel, "const a: string = 1;\nconst ok = 1;\nmissing(ok);", {
      cellId: "bad",
    });
    expect(error).toEqual({
      ename: "CompileError",
      evalue: "1:7 Type 'number' is not assignable to type 'string'. (TS2322) (and 1 more)",
      traceback: [
        "CompileError in cell bad",
        "1:7 Type 'number' is not assignable to type 'string'. (TS2322)",
        "     1 | const a: string = 1;",
        "       |       ^",
        "3:1 Cannot find name 'missing'. (TS2304)",
        "     3 | missing(ok);",
        "       | ^^^^^^^",
      ],
    });
  });

  test("says where in an imported file the problem is", async () => {
    const folder = importableFolder();
    folder.write(
      "wrong.ts",
      "export const fine = 1;\nexport const f: (x: { a: number }) => void = (x: { a: string }) => x;\n",
    );
    const text = await traceback(`import { f } from "${folder.specifier}/wrong"; f({ a: 1 });`);
    expect(text).toContain(`${folder.specifier.replace("./", "")}/wrong.ts:2:14 Type`);
    expect(text).toContain("     2 | export const f:");
  });

  test("points to the end of the cell for what is missing there", async () => {
    const { error } = await run(kernel, "function f() {\n  return 1;");
    expect(error?.traceback[1]).toMatch(/^2:12 '}' expected/);
  });

  test("declares nothing, and the next cell runs", async () => {
    await run(kernel, "const gone: string = 1;");
    expect((await run(kernel, "gone")).error?.evalue).toContain("Cannot find name 'gone'");
    expect((await run(kernel, "1 + 1")).result).toBe("2");
  });
});

describe("guards in emitted code", { timeout: KERNEL_TEST_TIMEOUT_MS }, () => {
  test("change no loop, function or directive", async () => {
    const code = `
      function strict(this: unknown) { "use strict"; return this === undefined; }
      const object = { value: 3, get twice() { return this.value * 2; }, add(n: number) { return this.value + n; } };
      const arrow = (n: number) =>
        // a comment on a line of its own
        n + 1;
      const literal = () => ({ a: 1 });
      function* numbers() { for (let i = 0; i < 3; i++) yield i; }
      class A { constructor(readonly n: number) {} }
      class B extends A { constructor() { super(1); } }
      let sum = 0;
      for (const n of numbers()) sum += n;
      for (const key in { a: 1, b: 2 }) sum += key.length;
      do sum++; while (sum < 10);
      outer: while (true) { for (;;) { if (sum++ > 12) break outer; continue outer; } }
      for await (const n of (async function* () { yield 1; })()) sum += n;
      console.log(strict.call(undefined), object.twice, object.add(1), arrow(1), literal().a, new B().n, sum);
    `;
    expect((await run(kernel, code)).stdout).toBe("true 6 4 2 1 1 15\n");
  });
});
