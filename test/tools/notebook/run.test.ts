import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Kernel, startKernel } from "../../../src/tools/kernel/client";
import { parseNotebook } from "../../../src/tools/notebook/format";
import {
  MAX_CELL_OUTPUT_CHARS,
  type NotebookRun,
  runNotebook,
} from "../../../src/tools/notebook/run";
import { notebookText } from "./support/lab-folder";

let kernel: Kernel;
beforeAll(async () => {
  kernel = await startKernel();
});
afterAll(() => kernel.shutdown());

const FILE = "notebooks/09-test.ipynb";
function run(cells: string, cellDeadlineMs?: number): Promise<NotebookRun> {
  const notebook = parseNotebook(notebookText(cells), FILE);
  return runNotebook(notebook, kernel, cellDeadlineMs === undefined ? {} : { cellDeadlineMs });
}
const messages = ({ failures }: NotebookRun): string[] => failures.map(({ message }) => message);

describe("running a notebook", () => {
  it("runs the code cells in order, skips empty ones, and collects their outputs", async () => {
    const { cells, failures } = await run(`%% md intro
# Hello
%% code one
const word = "first";
console.log(word);
console.log("again");
%% code nothing

%% code two
word.length
`);
    expect(failures).toEqual([]);
    expect(cells.map(({ cell, outputs }) => [cell.id, outputs])).toEqual([
      ["one", [{ output_type: "stream", name: "stdout", text: "first\nagain\n" }]],
      [
        "two",
        [expect.objectContaining({ output_type: "execute_result", data: { "text/plain": "5" } })],
      ],
    ]);
  });

  it("stops at the first cell that fails, and names its line", async () => {
    const result = await run(`%% code good
console.log("good");
%% code bad
// a comment
throw new RangeError("too far");
%% code never
console.log("never");
`);
    expect(result.cells.map(({ cell }) => cell.id)).toEqual(["good", "bad"]);
    expect(messages(result)).toEqual([
      expect.stringMatching(/^notebooks\/09-test\.ipynb#bad:2:\d+: RangeError: too far/),
    ]);
  });

  it("goes on after a cell that is tagged raises-exception", async () => {
    const result = await run(`%% code shows-an-error raises-exception
throw new Error("as expected");
%% code after
console.log("after");
`);
    expect(messages(result)).toEqual([]);
    expect(result.cells[0]?.outputs).toEqual([
      expect.objectContaining({ output_type: "error", evalue: "as expected" }),
    ]);
    expect(result.cells).toHaveLength(2);
  });

  it("interrupts a cell that runs past the deadline", async () => {
    const result = await run("%% code endless\nawait new Promise(() => {});\n", 300);
    expect(messages(result)).toEqual([`${FILE}#endless: ran longer than 0.3 s`]);
  });

  it("counts a display that is updated again and again once", async () => {
    const result = await run(`%% code updates
import { newDisplay } from "tslab";
const shown = newDisplay();
for (let i = 0; i < 8; i++) shown.text(String(i).repeat(${MAX_CELL_OUTPUT_CHARS / 4}));
`);
    expect(messages(result)).toEqual([]);
  });

  it("interrupts a cell that floods, and keeps a bounded part of it", async () => {
    const text = `"x".repeat(${MAX_CELL_OUTPUT_CHARS / 4})`;
    const result = await run(
      `%% code flood\nfor (let i = 0; i < 8; i++) console.log(${text});\nawait new Promise(() => {});\n`,
    );
    expect(messages(result)).toEqual([
      `${FILE}#flood: wrote more than ${MAX_CELL_OUTPUT_CHARS} characters of output`,
    ]);
    expect(JSON.stringify(result.cells[0]?.outputs).length).toBeLessThan(2 * MAX_CELL_OUTPUT_CHARS);
  });

  it("puts what a timer prints later under the cell that started it", async () => {
    const { cells } = await run(`%% code starts
const printed = new Promise<void>((done) => setTimeout(() => { console.log("later"); done(); }, 50));
console.log("now");
%% code waits
await printed;
console.log("other");
`);
    expect(
      cells.map(({ outputs }) => outputs.map((output) => "text" in output && output.text)),
    ).toEqual([["now\nlater\n"], ["other\n"]]);
  });

  it("fails for an error that no cell waited for", async () => {
    const result = await run(`%% code careless
void Promise.reject(new Error("nobody cares"));
%% code later
await new Promise((done) => setTimeout(done, 50));
`);
    expect(messages(result)).toEqual([
      expect.stringMatching(/#careless: Unhandled promise rejection.*nobody cares/s),
    ]);
  });

  it("updates a display that an earlier cell has shown", async () => {
    const { cells } = await run(`%% code shows
import { newDisplay } from "tslab";
const display = newDisplay();
display.text("before");
%% code updates
display.text("after");
`);
    expect(cells.map(({ outputs }) => outputs)).toEqual([
      [{ output_type: "display_data", data: { "text/plain": "after" }, metadata: {} }],
      [],
    ]);
  });
});

describe("after the last cell", () => {
  it("what is about to close is waited for", async () => {
    const result = await run("%% code one\nsetTimeout(() => {}, 200);\n");
    expect(messages(result)).toEqual([]);
  });

  it("a listening server and a timer that are still open are failures of their cells", async () => {
    const result = await run(`%% code innocent
1 + 1
%% code listens
import net from "node:net";
const server = net.createServer().listen(0, "127.0.0.1");
await new Promise((done) => server.once("listening", done));
%% code ticks
const timer = setInterval(() => {}, 1000);
%% code last
2 + 2
`);
    expect(messages(result)).toEqual([
      expect.stringMatching(
        /^notebooks\/09-test\.ipynb#listens: left open after the last cell: tcp server listening on 127\.0\.0\.1:\d+/i,
      ),
      expect.stringMatching(/#ticks: left open after the last cell: .*(timer|interval)/i),
    ]);
    await run("%% code closes\nserver.close();\nclearInterval(timer);\n");
  });

  it("a kernel that dies fails the cell that ran", async () => {
    const result = await run(
      "%% code good\n1 + 1\n%% code deadly\nprocess.kill(process.pid, 'SIGKILL'); await new Promise(() => {});\n",
    );
    expect(messages(result)).toEqual([expect.stringContaining(`${FILE}#deadly: `)]);
  });
});
