// Every repair of tslab's kernel, beside tslab's own: what a learner met there, and what happens here.

import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { type Kernel, startKernel } from "../../../src/tools/kernel/client";
import {
  importableFolder,
  KERNEL_TEST_TIMEOUT_MS,
  kernelForFile,
  type Ran,
  run,
  SERVER_CELL,
  until,
} from "./support";

let ours: Kernel;
let stock: Kernel;

/** Runs a cell in tslab's kernel, which for a while after an error answers every cell with "abort". */
async function runStock(code: string): Promise<Ran> {
  for (;;) {
    const ran = await run(stock, code);
    if (ran.status !== "aborted") return ran;
    await sleep(20); // too quick a succession of requests makes it lose messages
  }
}

beforeAll(async () => {
  [ours, stock] = await Promise.all([kernelForFile(), kernelForFile({ stock: true })]);
}, KERNEL_TEST_TIMEOUT_MS);

describe("beside tslab's own kernel", { timeout: KERNEL_TEST_TIMEOUT_MS }, () => {
  test("a module cell that does not compile fails with its diagnostics", async () => {
    const code = "/** @module broken */\nexport const n: number = 'x';";
    expect((await runStock(code)).status).toBe("ok");
    const { status, error } = await run(ours, code, { cellId: "broken-cell" });
    expect(status).toBe("error");
    expect(error?.ename).toBe("CompileError");
    expect(error?.traceback).toEqual([
      "CompileError in cell broken-cell",
      "2:14 Type 'string' is not assignable to type 'number'. (TS2322)",
      "     2 | export const n: number = 'x';",
      "       |              ^",
    ]);
    expect((await run(ours, "/** @module broken */\nexport const n: number = 1;")).status).toBe(
      "ok",
    );
  });

  test("a cell whose only top-level await is a for await runs", async () => {
    const code =
      "for await (const n of (async function* () { yield 1; yield 2; })()) console.log(n);";
    expect((await runStock(code)).status).toBe("error");
    expect(await run(ours, code)).toMatchObject({ status: "ok", stdout: "1\n2\n" });
  });

  test("a cell whose only top-level await awaits another runs", async () => {
    const code = "console.log(await (await (async () => ({ text: async () => 'x' }))()).text());";
    expect((await runStock(code)).status).toBe("error");
    expect(await run(ours, code)).toMatchObject({ status: "ok", stdout: "x\n" });
  });

  test("a name of an earlier cell stands for itself in an object literal", async () => {
    const declare = "let port = 8080; const place = { at: { door: 5 } };";
    for (const [code, wanted] of [
      ["const options = { port }; console.log(options.port);", "8080\n"],
      [
        "const f = (x: number) => ({ x, port }); console.log(JSON.stringify(f(1)));",
        '{"x":1,"port":8080}\n',
      ],
      ["const { at: { door } } = place; console.log(door);", "5\n"],
    ] as const) {
      await runStock(declare);
      expect((await runStock(code)).status).toBe("error");
      await run(ours, declare);
      expect(await run(ours, code)).toMatchObject({ status: "ok", stdout: wanted });
    }
    await run(ours, "({ port = 1 } = {} as { port?: number }); console.log(port);").then((ran) =>
      expect(ran.stdout).toBe("1\n"),
    );
  });

  test("a cell that awaits inside a statement may declare what it did not import by name", async () => {
    const folder = importableFolder();
    folder.write(
      "thing.ts",
      "export class Thing { async again(): Promise<Thing> { return this; } }",
    );
    folder.write(
      "make.ts",
      'import { Thing } from "./thing";\nexport async function make(): Promise<Thing> { return new Thing(); }',
    );
    const code = [
      `import { make } from "${folder.specifier}/make";`,
      "const first = await make();",
      "for (let i = 0; i < 1; i++) await (await first.again()).again();",
      "console.log(first.constructor.name);",
    ].join("\n");
    expect((await runStock(code)).status).toBe("error");
    expect(await run(ours, code)).toMatchObject({ status: "ok", stdout: "Thing\n" });
  });

  test("null does not pass for a string, nor a parameter without a type, nor what only tests know", async () => {
    const wrong = [
      "const s: string = null;",
      "function f(x) { return x; }",
      "let check: Chai.Assertion | undefined; console.log(check);",
    ];
    for (const code of wrong) {
      expect((await runStock(code)).status).toBe("ok");
      expect(await run(ours, code)).toMatchObject({ status: "error" });
    }
  });

  test("every line of a burst of 20,000 arrives, in order", async () => {
    const code = "for (let i = 0; i < 20_000; i++) console.log(i);";
    const wanted = Array.from({ length: 20_000 }, (_, i) => `${i}\n`).join("");
    expect((await run(ours, code)).stdout === wanted).toBe(true);
    const losing = await startKernel({ stock: true });
    try {
      // It loses lines, and with them often the message that the cell has ended.
      const lossy = run(losing, code).catch(() => undefined);
      const theirs = await Promise.race([lossy, sleep(2_000)]);
      expect(theirs?.stdout === wanted).toBe(false);
    } finally {
      await losing.shutdown();
    }
  });

  test("an error is told as one, with its name and the cell's line", async () => {
    const code = "function f() {\n  throw new TypeError('no');\n}\nf();";
    const theirs = await runStock(code);
    expect(theirs.outputs.filter((output) => output.output_type === "error")).toEqual([]);
    const { outputs, error } = await run(ours, code, { cellId: "thrower" });
    expect(outputs).toEqual([{ output_type: "error", ...error }]);
    expect(error).toEqual({
      ename: "TypeError",
      evalue: "no",
      traceback: [
        "TypeError: no",
        "    at f (cell thrower:2:9)",
        "     2 |   throw new TypeError('no');",
        "       |         ^",
        "    at cell thrower:4:1",
      ],
    });
  });

  test("cells behind a failed one are aborted, as the specification names it", async () => {
    const queued = (kernel: Kernel) =>
      Promise.all(["throw new Error('x')", "console.log(1)"].map((code) => run(kernel, code)));
    const [failed, waiting] = await queued(ours);
    expect(failed?.status).toBe("error");
    expect(waiting).toMatchObject({ status: "aborted", stdout: "" });
    expect((await run(ours, "console.log('next')")).stdout).toBe("next\n");
  });

  test("with stop_on_error false, the cells behind a failed one run", async () => {
    const queued = (kernel: Kernel) =>
      Promise.all(
        ["throw new Error('x')", "console.log(1)"].map((code) =>
          run(kernel, code, { stopOnError: false }),
        ),
      );
    expect((await queued(stock))[1]?.status).toBe("aborted");
    expect((await queued(ours))[1]).toMatchObject({ status: "ok", stdout: "1\n" });
  });

  test("kernel_info_reply has a status", () => {
    expect(stock.info).not.toHaveProperty("status");
    expect(ours.info).toMatchObject({ status: "ok", protocol_version: "5.3" });
  });

  test("a late throw and an unhandled rejection print, and name the cell that started them", async () => {
    const late: string[] = [];
    ours.onLateOutput = (output, { cellId }) => {
      if (output.output_type === "stream") late.push(`${cellId}: ${output.text}`);
    };
    const timer = await run(ours, "setTimeout(() => { throw new Error('thrown late'); }, 20);", {
      cellId: "timer",
    });
    const promise = await run(ours, "void Promise.reject(new Error('rejected'));", {
      cellId: "promise",
    });
    const done = await run(
      ours,
      "await new Promise((resolve) => setTimeout(resolve, 50)); 'alive'",
    );
    expect(done).toMatchObject({ result: "'alive'", stderr: "" });
    // On a busy machine, it may be printed before the client has heard that the cell has ended.
    const text = `${late.join("")}timer: ${timer.stderr}\npromise: ${promise.stderr}`;
    expect(text).toContain("timer: Uncaught exception, started by cell timer: Error: thrown late");
    expect(text).toContain("(cell timer:1:26)");
    expect(text).toMatch(/^promise: Unhandled promise rejection, started by cell promise/m);
    ours.onLateOutput = undefined;
  });

  test("process.exit is an error in the cell", async () => {
    const { error } = await run(ours, "process.exit(3);", { cellId: "exit" });
    expect(error?.ename).toBe("ProcessExit");
    expect(error?.traceback.join("\n")).toContain("cell exit:1:9");
    expect((await run(ours, "1 + 1")).result).toBe("2");
  });
});

describe("an edited module", { timeout: KERNEL_TEST_TIMEOUT_MS }, () => {
  test("is fresh at once when imported again, also through one that imports it", async () => {
    const folder = importableFolder();
    const importBoth = (i: number) =>
      `import { a as a${i} } from "${folder.specifier}/a"; import { b as b${i} } from "${folder.specifier}/b"; console.log(a${i}, b${i});`;
    folder.write("a.ts", "export const a: number = 1;");
    folder.write("b.ts", "import { a } from './a';\nexport const b: string = 'b' + a;");
    expect((await run(ours, importBoth(1))).stdout).toBe("1 b1\n");
    expect((await runStock(importBoth(1))).stdout).toBe("1 b1\n");
    folder.write("a.ts", "export const a: number = 22;");
    expect((await run(ours, importBoth(2))).stdout).toBe("22 b22\n");
    expect((await runStock(importBoth(2))).stdout).not.toBe("22 b22\n");
  });

  test("is fresh when a name that was a type becomes a value", async () => {
    const folder = importableFolder();
    folder.write("a.ts", "export type Name = string;");
    folder.write("b.ts", "import { Name } from './a';\nexport const n: Name = 'type';");
    const code = (i: number) =>
      `import { n as n${i} } from "${folder.specifier}/b"; console.log(n${i});`;
    expect((await run(ours, code(1))).stdout).toBe("type\n");
    folder.write("a.ts", "export class Name {}");
    folder.write("b.ts", "import { Name } from './a';\nexport const n: string = Name.name;");
    expect((await run(ours, code(2))).stdout).toBe("Name\n");
  });

  test("leaves modules that do not import it with their identity and state", async () => {
    const folder = importableFolder();
    folder.write("counter.ts", "let n = 0;\nexport const next = (): number => ++n;");
    folder.write("other.ts", "export const other: number = 1;");
    const code = (i: number) =>
      `import { next as next${i} } from "${folder.specifier}/counter"; import { other as o${i} } from "${folder.specifier}/other"; console.log(next${i}(), o${i});`;
    expect((await run(ours, code(1))).stdout).toBe("1 1\n");
    folder.write("other.ts", "export const other: number = 2;");
    expect((await run(ours, code(2))).stdout).toBe("2 2\n");
  });

  test("may be a module cell, also behind a file that imports it", async () => {
    await run(ours, "/** @module base_cell */\nexport const v: number = 1;");
    await run(
      ours,
      "/** @module user_cell */\nimport { v } from './base_cell';\nexport const w = v * 10;",
    );
    expect((await run(ours, "import { w } from './user_cell'; console.log(w);")).stdout).toBe(
      "10\n",
    );
    await run(ours, "/** @module base_cell */\nexport const v: number = 2;");
    expect((await run(ours, "import { w } from './user_cell'; console.log(w);")).stdout).toBe(
      "20\n",
    );
  });

  test("that imports itself in a circle loads", async () => {
    const folder = importableFolder();
    folder.write(
      "even.ts",
      "import { odd } from './odd';\nexport const even = (n: number): boolean => n === 0 || odd(n - 1);",
    );
    folder.write(
      "odd.ts",
      "import { even } from './even';\nexport const odd = (n: number): boolean => n !== 0 && even(n - 1);",
    );
    const code = `import { even } from "${folder.specifier}/even"; console.log(even(10), even(7));`;
    expect((await run(ours, code)).stdout).toBe("true false\n");
  });

  test("that throws while it loads is loaded again at the next import", async () => {
    const folder = importableFolder();
    folder.write(
      "moody.ts",
      "declare const globalThis: { calm?: boolean };\nif (!globalThis.calm) throw new Error('moody');\nexport const mood = 'calm';",
    );
    const code = `import { mood } from "${folder.specifier}/moody"; console.log(mood);`;
    expect((await run(ours, code)).error?.evalue).toBe("moody");
    await run(ours, "Object.assign(globalThis, { calm: true }); 0");
    expect((await run(ours, code)).stdout).toBe("calm\n");
  });

  test("may be a JSON file", async () => {
    const folder = importableFolder();
    const code = (i: number) =>
      `import data${i} from "${folder.specifier}/data.json"; console.log(data${i}.n);`;
    folder.write("data.json", '{ "n": 1 }');
    expect((await run(ours, code(1))).stdout).toBe("1\n");
    folder.write("data.json", '{ "n": 234 }');
    expect((await run(ours, code(2))).stdout).toBe("234\n");
  });
});

describe("after an import failed", { timeout: KERNEL_TEST_TIMEOUT_MS }, () => {
  test("creating the file makes a retry work, and no later cell fails", async () => {
    const folder = importableFolder();
    const code = `import { late } from "${folder.specifier}/late"; console.log(late);`;
    const missing = await run(ours, code);
    expect(missing.error?.evalue).toContain("Cannot find module");
    folder.write("late.ts", "export const late = 'here';");
    expect((await run(ours, code)).stdout).toBe("here\n");
    expect((await run(ours, "1 + 1")).result).toBe("2");
    // The last cells for tslab's kernel, which this spoils for good.
    expect((await runStock(SERVER_CELL)).status).toBe("ok");
    const again = importableFolder();
    await runStock(code.replace(folder.specifier, again.specifier));
    again.write("late.ts", "export const late = 'here';");
    await until("tslab's cells fail, or are never answered", async () => {
      const answer = await Promise.race([runStock("1 + 1"), sleep(3_000)]);
      return answer?.status !== "ok";
    });
  });
});

describe("asked to end", { timeout: KERNEL_TEST_TIMEOUT_MS }, () => {
  test("while a server listens, tslab's kernel stays behind; ours does not (see client.test.ts)", async () => {
    expect(await stock.shutdown(2_000)).toEqual({ killed: true });
  });
});
