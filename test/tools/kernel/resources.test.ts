import { beforeAll, describe, expect, test } from "vitest";
import type { Kernel } from "../../../src/tools/kernel/client";
import { KERNEL_TEST_TIMEOUT_MS, kernelForFile, run } from "./support";

let kernel: Kernel;

beforeAll(async () => {
  kernel = await kernelForFile();
  await run(
    kernel,
    `import net from "node:net"; import dgram from "node:dgram"; import { once } from "node:events";
     import { spawn } from "node:child_process"; import { setTimeout as sleep } from "node:timers/promises";
     import { promisify } from "node:util";`,
  );
}, KERNEL_TEST_TIMEOUT_MS);

const PORT = expect.stringMatching(/127\.0\.0\.1:\d+$/);

describe("the open resources", { timeout: KERNEL_TEST_TIMEOUT_MS }, () => {
  test("are none at first, and none when cells close what they open", async () => {
    expect(await kernel.openResources()).toEqual([]);
    await run(
      kernel,
      `{ const server = net.createServer().listen(0, "127.0.0.1"); await once(server, "listening");
       const client = net.connect((server.address() as net.AddressInfo).port); await once(client, "connect");
       client.destroy(); server.close(); await sleep(1); await promisify(setTimeout)(1);
       clearInterval(setInterval(() => {}, 1)); clearTimeout(setTimeout(() => {}, 100_000));
       setTimeout(() => {}, 100_000).unref();
       const child = spawn("true"); await once(child, "exit"); 0 }`,
    );
    expect(await kernel.openResources()).toEqual([]);
  });

  test("are named with their addresses and the cell that opened them", async () => {
    await run(
      kernel,
      'const server = net.createServer().listen(0, "127.0.0.1"); await once(server, "listening");',
      { cellId: "a-server" },
    );
    await run(
      kernel,
      'const client = net.connect((server.address() as net.AddressInfo).port, "127.0.0.1"); await once(client, "connect");',
      { cellId: "a-client" },
    );
    await run(
      kernel,
      'const udp = dgram.createSocket("udp4").bind(0, "127.0.0.1"); await once(udp, "listening");',
      { cellId: "a-udp-socket" },
    );
    await run(kernel, "const every = setInterval(() => {}, 5000); void sleep(60_000);", {
      cellId: "timers",
    });
    const child = await run(kernel, 'const child = spawn("sleep", ["1000"]);');
    const open = await kernel.openResources();
    expect(open).toHaveLength(7);
    expect(open).toEqual(
      expect.arrayContaining([
        { kind: "tcp server", detail: PORT, cell: "a-server" },
        { kind: "tcp socket", detail: PORT, cell: "a-client" },
        { kind: "udp socket", detail: PORT, cell: "a-udp-socket" },
        { kind: "timer", detail: "setInterval every 5000 ms", cell: "timers" },
        { kind: "timer", detail: "setTimeout 60000 ms, awaited", cell: "timers" },
        {
          kind: "child process",
          detail: expect.stringMatching(/^pid \d+: sleep 1000$/),
          cell: `In [${child.executionCount}]`,
        },
      ]),
    );
    await run(
      kernel,
      "server.close(); client.destroy(); udp.close(); clearInterval(every); child.kill(); await once(child, 'exit');",
    );
    expect((await kernel.openResources()).map(({ detail }) => detail)).toEqual([
      "setTimeout 60000 ms, awaited",
    ]);
  });

  test("do not change how timers behave", async () => {
    const { stdout } = await run(
      kernel,
      `const ticks: number[] = [];
       for await (const n of (await import("node:timers/promises")).setInterval(1, 7)) { ticks.push(n); if (ticks.length === 3) break; }
       const abort = new AbortController();
       const aborted = sleep(1000, 0, { signal: abort.signal }).catch((error: Error) => error.name);
       abort.abort();
       const passed = await new Promise((resolve) => setTimeout((a: string, b: string) => resolve(a + b), 1, "x", "y"));
       console.log(ticks.join(), await aborted, passed, await promisify(setTimeout)(1, "value"), typeof setTimeout(() => {}, 1).refresh);`,
    );
    expect(stdout).toBe("7,7,7 AbortError xy value function\n");
  });
});
