import { expect, onTestFinished, test, vi } from "vitest";
import { startKernel } from "../../src/kernel/client";
import { show } from "../../src/wire/show";
import { connection, LISTEN, made } from "./made";

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

/** A kernel and its compiler take a second, but many on a machine that does much else. */
const KERNEL_TEST_MS = 60_000;

test(
  "in the kernel picture and text are one output, and the exchange in the cell is drawn",
  async () => {
    const kernel = await startKernel();
    onTestFinished(async () => void (await kernel.shutdown()));
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
  KERNEL_TEST_MS,
);
