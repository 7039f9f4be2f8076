// What helps a learner at the keyboard: completion, inspection, names of cells, hints.

import { beforeAll, describe, expect, test } from "vitest";
import type { Kernel } from "../../../src/tools/kernel/client";
import { type RawClient, rawClient } from "./raw-client";
import { KERNEL_TEST_TIMEOUT_MS, kernelForFile, run } from "./support";

let kernel: Kernel;
let raw: RawClient;

beforeAll(async () => {
  raw = await rawClient();
  kernel = await kernelForFile();
  await run(kernel, "/** @module first_server */\nexport const port = 1;");
}, KERNEL_TEST_TIMEOUT_MS);

describe("a cell's name in errors", { timeout: KERNEL_TEST_TIMEOUT_MS }, () => {
  test.each([
    ["tcp-server", /cell tcp-server:1:7/],
    ["9e107d9d-3721-4bd2-9a2b-1f0c0e7b7a11", /In \[\d+\]:1:7/],
    ["e4d909c2", /In \[\d+\]:1:7/],
    ["vscode-notebook-cell:/home/a/02-tcp.ipynb#W1sZmlsZQ%3D%3D", /In \[\d+\]:1:7/],
  ])("with the id %s", async (cellId, name) => {
    const { error } = await run(kernel, 'throw new Error("no")', { cellId });
    expect(error?.traceback.join("\n")).toMatch(name);
  });
});

describe("a promise without await", { timeout: KERNEL_TEST_TIMEOUT_MS }, () => {
  test("as the value of a cell comes with a hint, and without Node's internals", async () => {
    const ran = await run(kernel, "const never = new Promise<void>(() => {}); never");
    expect(ran.result).toBe("Promise { <pending> }");
    expect(ran.stderr).toBe("This is a promise: write await before it.\n");
  });

  test("is printed without Node's internals", async () => {
    const ran = await run(kernel, "console.log(never.then(), Promise.resolve([1]));");
    expect(ran.stdout).toBe("Promise { <pending> } Promise { [ 1 ] }\n");
  });

  test("gives no hint when it is settled or when there is none", async () => {
    expect((await run(kernel, "await Promise.resolve(1)")).stderr).toBe("");
  });
});

describe("completion inside an import's quotes", { timeout: KERNEL_TEST_TIMEOUT_MS }, () => {
  const complete = (code: string) => kernel.complete(code, code.length);

  test("offers Node's modules once, those that fit", async () => {
    const code = 'import net from "node:ne';
    const { matches, start, end } = await complete(code);
    expect(matches).toEqual(["node:net"]);
    expect([start, end]).toEqual([code.indexOf("node:"), code.length]);
    expect((await complete('import net from "ne')).matches).toEqual(["node:net"]);
  });

  test("offers folders and files below the root, without extension", async () => {
    expect((await complete('import {} from "./sr')).matches).toEqual(["./src/"]);
    expect((await complete('import {} from "./src/sockets/tc')).matches).toContain(
      "./src/sockets/tcp",
    );
    expect((await complete('await import("../')).matches).toEqual([]);
  });

  test("offers module cells", async () => {
    expect((await complete("import {} from './fir")).matches).toEqual(["./first_server"]);
  });

  test("leaves other strings alone", async () => {
    expect((await complete('const from = "node:ne')).matches).not.toContain("node:net");
  });
});

test("inspection among a call's arguments shows the called function", async () => {
  const code = 'console.log("a", 1)';
  expect(await kernel.inspect(code, code.indexOf('"a"') + 1)).toContain("log(");
  expect(await kernel.inspect(code, code.indexOf("log") + 1)).toContain("log(");
});

test("a template literal without its end goes on", async () => {
  expect((await kernel.isComplete("const a = `one")).status).toBe("incomplete");
  expect((await kernel.isComplete("const a = `one`")).status).toBe("complete");
});

test("a cell that reads the keyboard fails at once", async () => {
  const { error } = await run(
    kernel,
    'import readline from "node:readline/promises"; readline.createInterface({ input: process.stdin });',
  );
  expect(error?.evalue).toMatch(/^a cell cannot read from the keyboard/);
});

test("history has what ran, with results, as a range, a tail and a search give it", async () => {
  for (const code of ["1 + 1", "const h = 2;", "1 + 1"])
    await raw.request("execute_request", { code });
  await raw.request("execute_request", { code: "3", store_history: false });
  const history = async (content: Record<string, unknown>) =>
    (await raw.request("history_request", { raw: true, output: false, ...content })).reply.content
      .history;
  expect(await history({ hist_access_type: "tail", n: 2 })).toEqual([
    [1, 2, "const h = 2;"],
    [1, 3, "1 + 1"],
  ]);
  const first = { hist_access_type: "range", session: 0, start: 1, stop: 2 };
  expect(await history({ ...first, output: true })).toEqual([[1, 1, ["1 + 1", "2"]]]);
  const search = { hist_access_type: "search", pattern: "1 ?*" };
  expect(await history(search)).toHaveLength(2);
  expect(await history({ ...search, unique: true })).toEqual([[1, 3, "1 + 1"]]);
});
