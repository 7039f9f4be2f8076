// The kernel as front ends other than our client see it: the Jupyter messaging specification, 5.3.

import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import type { Kernel, Output } from "../../../src/tools/kernel/client";
import { type RawClient, rawClient } from "./raw-client";
import { KERNEL_TEST_TIMEOUT_MS, kernelForFile, run, until } from "./support";

let kernel: Kernel;
let raw: RawClient;

beforeAll(async () => {
  raw = await rawClient();
  kernel = await kernelForFile();
}, KERNEL_TEST_TIMEOUT_MS);

describe("the messages of an execution", { timeout: KERNEL_TEST_TIMEOUT_MS }, () => {
  test("come in the order of the specification, all with the request as parent", async () => {
    const { reply, iopub } = await raw.request("execute_request", {
      code: "console.log('a'); console.error('b'); 3",
    });
    expect(iopub.map(({ header, content }) => [header.msg_type, content])).toEqual([
      ["status", { execution_state: "busy" }],
      ["execute_input", { code: expect.stringContaining("'a'"), execution_count: 1 }],
      ["stream", { name: "stdout", text: "a\n" }],
      ["stream", { name: "stderr", text: "b\n" }],
      ["execute_result", { execution_count: 1, data: { "text/plain": "3" }, metadata: {} }],
      ["status", { execution_state: "idle" }],
    ]);
    expect(reply.header.msg_type).toBe("execute_reply");
    expect(reply.content).toMatchObject({ status: "ok", execution_count: 1, user_expressions: {} });
    const parents = new Set([reply, ...iopub].map(({ parent }) => parent.msg_id));
    expect([...parents]).toEqual([reply.parent.msg_id]);
    const ids = [reply, ...iopub].map(({ header }) => header.msg_id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("are only the two states and the reply when it is silent", async () => {
    const { reply, iopub } = await raw.request("execute_request", {
      code: "console.log('quiet'); 1",
      silent: true,
    });
    expect(iopub.map(({ header }) => header.msg_type)).toEqual(["status", "status"]);
    expect(reply.content).toMatchObject({ status: "ok", execution_count: 1 });
  });

  test("do not count it when its history is not stored", async () => {
    const before = await raw.request("execute_request", { code: "1" });
    await raw.request("execute_request", { code: "1", store_history: false });
    const after = await raw.request("execute_request", { code: "1" });
    expect(after.reply.content.execution_count).toBe(
      Number(before.reply.content.execution_count) + 1,
    );
  });

  test("carry the values of user expressions, and their errors", async () => {
    const { reply } = await raw.request("execute_request", {
      code: "const width = 6;",
      user_expressions: {
        area: "width * 7",
        wrong: "nothing",
        thrown: "(() => { throw new Error('t'); })()",
      },
    });
    expect(reply.content.user_expressions).toMatchObject({
      area: { status: "ok", data: { "text/plain": "42" } },
      wrong: { status: "error", ename: "CompileError" },
      thrown: { status: "error", ename: "Error", evalue: "t" },
    });
  });

  test("abort what waits behind an error, also other cells, but no other request", async () => {
    const all = await Promise.all([
      raw.request("execute_request", { code: "throw new Error('first')" }),
      raw.request("execute_request", { code: "1" }),
      raw.request("kernel_info_request", {}),
    ]);
    expect(all.map(({ reply }) => reply.content.status)).toEqual(["error", "aborted", "ok"]);
    expect(all[1]?.iopub.map(({ header }) => header.msg_type)).toEqual(["status", "status"]);
  });
});

describe("other requests", { timeout: KERNEL_TEST_TIMEOUT_MS }, () => {
  test.each(["shell", "control"] as const)(
    "kernel_info is complete on the %s channel",
    async (channel) => {
      const { reply } = await raw.request("kernel_info_request", {}, channel);
      expect(reply.content).toMatchObject({
        status: "ok",
        protocol_version: "5.3",
        implementation: "socket-lab",
        language_info: {
          name: "typescript",
          version: "5.0.4",
          mimetype: "text/typescript",
          file_extension: ".ts",
          codemirror_mode: { mode: "typescript" },
        },
        banner: expect.stringContaining("tslab 1.0.22"),
      });
    },
  );

  test("comm_info is answered, with nothing in it", async () => {
    expect((await raw.request("comm_info_request", {})).reply.content).toEqual({
      status: "ok",
      comms: {},
    });
  });

  test("an unknown one is answered with an error, not with silence", async () => {
    const { reply } = await raw.request("dance_request", {});
    expect(reply.content).toMatchObject({
      status: "error",
      evalue: expect.stringContaining("dance"),
    });
  });

  test("the heartbeat answers while a cell keeps the main thread busy", async () => {
    const busy = raw.request("execute_request", { code: "console.log('on'); for (;;);" });
    await raw.seen("stream");
    expect(await raw.heartbeat("alive?")).toBe("alive?");
    await raw.request("interrupt_request", {}, "control");
    expect((await busy).reply.content.ename).toBe("KernelInterrupted");
  });

  test("an interrupt may come on the shell channel, from an older front end", async () => {
    const busy = raw.request("execute_request", {
      code: "console.log('on'); await new Promise(() => {});",
    });
    await raw.seen("stream");
    await raw.request("interrupt_request", {}, "shell");
    expect((await busy).reply.content.ename).toBe("KernelInterrupted");
  });
});

describe("messages from someone without the key", { timeout: KERNEL_TEST_TIMEOUT_MS }, () => {
  test.each(["", "wrong"])("are ignored (key %j)", async (key) => {
    await raw.sendSignedWith(key, "execute_request", {
      code: "Object.assign(globalThis, { broken: 1 })",
    });
    await raw.sendFrames(["<IDS|MSG>", "not", "a", "message"]);
    const { iopub } = await raw.request("execute_request", { code: "'broken' in globalThis" });
    expect(iopub.find(({ header }) => header.msg_type === "execute_result")?.content.data).toEqual({
      "text/plain": "false",
    });
  });
});

describe("what a cell shows", { timeout: KERNEL_TEST_TIMEOUT_MS }, () => {
  const shown = async (code: string): Promise<Output[]> => (await run(kernel, code)).outputs;

  test("is display data, and updates of it", async () => {
    const outputs = await shown(`
      import { display, newDisplay } from "tslab";
      display.html("<b>bold</b>");
      const counter = newDisplay();
      counter.text("1");
      counter.text("2");
      display.png(new Uint8Array([1, 2, 3]));`);
    expect(outputs).toMatchObject([
      { output_type: "display_data", data: { "text/html": "<b>bold</b>" }, metadata: {} },
      { output_type: "display_data", data: { "text/plain": "1" } },
      { output_type: "update_display_data", data: { "text/plain": "2" } },
      { output_type: "display_data", data: { "image/png": "AQID" } },
    ]);
    const ids = outputs.flatMap((o) => ("transient" in o ? [o.transient?.display_id] : []));
    expect(ids[1]).toBe(ids[2]);
    expect(ids[1]).toBeTruthy();
  });

  test("stays in order with what it prints", async () => {
    const outputs = await shown(`
      import { display as show } from "tslab";
      for (let i = 0; i < 3; i++) { console.log("before", i); show.text(String(i)); }`);
    expect(
      outputs.map((o) => ("text" in o ? o.text : "data" in o ? o.data["text/plain"] : "")),
    ).toEqual(["before 0\n", "0", "before 1\n", "1", "before 2\n", "2"]);
  });

  test("is the value of its last expression, as Node inspects it, unless it is undefined", async () => {
    const result = async (code: string) => (await run(kernel, code)).result;
    expect(await result("({ a: [1, 'x'] })")).toBe("{ a: [ 1, 'x' ] }");
    expect(await result("'text'")).toBe("'text'");
    expect(await result("null")).toBe("null");
    expect(await result("await Promise.resolve(5)")).toBe("5");
    expect(await result("undefined")).toBeUndefined();
    expect(await result("const quiet = 1;")).toBeUndefined();
  });
});

describe("two front ends of one kernel", { timeout: KERNEL_TEST_TIMEOUT_MS }, () => {
  test("are each answered, and both see the output", async () => {
    const second = raw.another();
    try {
      await until("the second front end is subscribed", async () => {
        await raw.request("kernel_info_request", {});
        return second.received.length > 0;
      });
      const { reply } = await second.request("execute_request", {
        code: "console.log('for both')",
      });
      expect(reply.content.status).toBe("ok");
      await until("the first sees it", () =>
        raw.received.some(({ content }) => content.text === "for both\n"),
      );
    } finally {
      second.close();
    }
  });
});

describe("a message that is too large", { timeout: KERNEL_TEST_TIMEOUT_MS }, () => {
  test.runIf(process.platform === "linux")("ends its connection, and takes no memory", async () => {
    // The most that the process has held so far, in kB.
    const peak = () =>
      Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${raw.pid}/status`, "utf8"))?.[1]);
    const before = peak();
    await raw.sendUntilClosed([Buffer.alloc(200 * 1024 * 1024)]);
    expect(peak() - before).toBeLessThan(100 * 1024);
    const { reply } = await raw.request("execute_request", { code: "6 * 7" });
    expect(reply.content.status).toBe("ok");
  });
});

describe("the reply to a shutdown", { timeout: KERNEL_TEST_TIMEOUT_MS }, () => {
  test.each([true, false])("says whether a restart follows: %s", async (restart) => {
    const ending = await rawClient();
    const { reply } = await ending.request("shutdown_request", { restart }, "control");
    expect(reply.content).toEqual({ status: "ok", restart });
  });
});

describe("a kernel whose ports are taken", { timeout: KERNEL_TEST_TIMEOUT_MS }, () => {
  test("says which address, and ends with status 1", async () => {
    await expect(raw.secondKernelOnSamePorts()).resolves.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/cannot listen on tcp:\/\/127\.0\.0\.1:\d+ \(shell\)/),
    });
  });
});
