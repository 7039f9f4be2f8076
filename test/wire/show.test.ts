import { beforeAll, expect, onTestFinished, test, vi } from "vitest";
import type { Kernel, Output } from "../../src/tools/kernel/client";
import { OutputCollector } from "../../src/tools/notebook/coalesce";
import type { Output as StoredOutput } from "../../src/tools/notebook/output";
import { show, showLive } from "../../src/wire/show";
import { KERNEL_TEST_TIMEOUT_MS, kernelForFile } from "../tools/kernel/support";
import { connection, LISTEN, made } from "./made";

let kernel: Kernel;

beforeAll(async () => {
  kernel = await kernelForFile();
}, KERNEL_TEST_TIMEOUT_MS);

test("outside the kernel the text goes to standard output", () => {
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  onTestFinished(() => log.mockRestore());
  const all = made(connection(), [LISTEN]);
  show(all, { width: 60 });
  expect(log.mock.calls).toEqual([[all.toText({ width: 60 })]]);
});

const CELL = `
import { record } from "./src/wire/record";
import { show } from "./src/wire/show";
import { connect, listen } from "./src/sockets/tcp";
const wire = record({ name: { "TCP client": "client" } });
const server = await listen({ port: 0 });
const [accepted, client] = await Promise.all([
  server.accept(),
  connect({ port: server.local.port }),
]);
await client.send("from a cell");
console.log(String(await accepted.recv(100)));
await Promise.all([client.close(), accepted.close(), server.close()]);
show(wire.stop());
`;

test(
  "in the kernel picture and text are one output, and the exchange in the cell is drawn",
  async () => {
    const outputs: unknown[] = [];
    const result = await kernel.execute(CELL, { onOutput: (output) => outputs.push(output) });
    expect(result.status, JSON.stringify(outputs)).toBe("ok");
    expect(outputs).toMatchObject([
      { output_type: "stream", text: "from a cell\n" },
      {
        output_type: "display_data",
        data: {
          "image/svg+xml": expect.stringMatching(/^<svg [\s\S]*<\/svg>$/),
          "text/plain": expect.stringContaining('"from a cell" 11 B'),
        },
      },
    ]);
  },
  KERNEL_TEST_TIMEOUT_MS,
);

test("outside the kernel a live drawing shows nothing", () => {
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  onTestFinished(() => log.mockRestore());
  showLive().draw({ toText: () => "text", toSvg: () => "<svg></svg>" });
  expect(log).not.toHaveBeenCalled();
});

const LIVE_CELL = `
import { showLive } from "./src/wire/show";
const drawing = (text: string) => ({ toText: () => text, toSvg: () => "<svg>" + text + "</svg>" });
const [one, two] = [showLive(), showLive()];
one.draw(drawing("a"));
two.draw(drawing("z"));
one.draw(drawing("b"));
one.draw(drawing("b"));
one.draw(drawing("c"));
`;

test(
  "in the kernel each form of a live drawing takes the place of the last, and two do not mix",
  async () => {
    const collector = new OutputCollector();
    const live: Output[] = [];
    const stored: StoredOutput[] = [];
    const onOutput = (output: Output) => {
      live.push(output);
      collector.add(stored, output);
    };
    const result = await kernel.execute(LIVE_CELL, { onOutput });
    expect(result.status, JSON.stringify(live)).toBe("ok");
    expect(live.map(({ output_type }) => output_type)).toEqual([
      "display_data",
      "display_data",
      "update_display_data",
      "update_display_data",
    ]);
    expect(stored).toMatchObject([
      { data: { "text/plain": "c", "image/svg+xml": "<svg>c</svg>" } },
      { data: { "text/plain": "z" } },
    ]);
  },
  KERNEL_TEST_TIMEOUT_MS,
);
