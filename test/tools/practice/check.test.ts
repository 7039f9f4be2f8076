/** `npm run check` on copies: blank, solved, broken in every way; what it prints and keeps, and what it leaves behind. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { runCheck } from "../../../src/tools/practice/check-command";
import type { CheckRequest } from "../../../src/tools/practice/check-request";
import { readRecord } from "../../../src/tools/practice/progress/record";
import { stylesFor } from "../../../src/tools/terminal/palette";
import { startChild } from "../../support/child";
import { requireTool } from "../../support/tools";
import { REPOSITORY } from "../commands/support";
import { notebookText } from "../notebook/support/lab-folder";
import { type PracticeLab, practiceLab, writeCopy } from "./support";

const styles = stylesFor({ depth: 0, background: undefined }, false);
/** What the check prints, and whether all passed. */
async function checked({ lab, practice }: PracticeLab, options: Partial<CheckRequest> = {}) {
  const lines: string[] = [];
  const print = (line: string): void => void lines.push(line);
  const { passed } = await runCheck(lab.root, { practice, ...options }, { print, styles });
  return { passed, text: lines.join("\n") };
}

/** Each check starts programs, on a machine that does other things too. */
const TIMEOUT = { timeout: 60_000 };

const NOTHING = (): boolean => false;
const ALL = (): boolean => true;

describe("a check of Part 6", TIMEOUT, () => {
  it("of a blank copy stops at step 1, and says which cell to write, and one more hint each time", async () => {
    const own = await practiceLab("06");
    await writeCopy(own, NOTHING);
    const first = await checked(own);
    expect(first.passed).toBe(false);
    expect(
      first.text.replace(/(#http-server):\d+:\d+/, "$1"),
    ).toBe(`✗ accepts a client, and is there for the next one

  http_server was to say where it listens, and ended first (exit status 1).
  It stops at a TODO of the cell http-server: listen, print where (HTTP Server running on http://127.0.0.1:8000), and serve.

  ! http_server: Error: TODO: listen, print where (HTTP Server running on http://127.0.0.1:8000), and serve (cell http-server)
  !     at Object.run (practice/06-http-server-challenge.ipynb#http-server)

  Do it again npm run program -- practice/http_server --port 0
  Edit        the cell http-server of practice/06-http-server-challenge.ipynb
  Open it     npm start -- practice/06

  Stage 1 of 5: accept clients
  Listen, print where, and begin an exchange for each client without waiting for its end.
  The cell http-server.
  Uses: \`listen({ host, port, signal })\` of \`./src/sockets/tcp\` gives the server, \`for await (const client of server)\` its clients; \`formatEndpoint(server.local)\` of \`./src/sockets/endpoint\` writes where it listens.

  A nudge for this failure: npm run check -- 06 --hint

0 of 14 steps passed.`);
    const hints = [
      "A nudge: Begin at the end",
      "An approach: `main` listens",
      "The call to use: `const server",
    ];
    for (let level = 1; level <= 3; level++) {
      const { text } = await checked(own, { hint: true });
      expect(hints.map((hint) => text.includes(hint))).toEqual([level > 0, level > 1, level > 2]);
    }
    expect((await checked(own)).text).toContain("The call to use:");
    expect((await readRecord(own.lab.root)).record["06"]).toMatchObject({
      hints: { level: 3 },
      last: { passed: 0, total: 14 },
    });
    // Another failure, another hint.
    await writeCopy(own, (cell) => cell === "http-server");
    const next = await checked(own);
    expect(next.text).toMatch(
      /✓ accepts a client, and is there for the next one\n✗ answers a request in HTTP\n/,
    );
    expect(next.text).not.toContain("A nudge:");
    expect(next.text).toMatch(/\n {2}> GET \/ HTTP\/1\.1\\r\\n\n/);
    expect(next.text).toContain(
      "http_server stops at a TODO of the cell http-exchange: send the bytes of the response.",
    );
    expect(next.text).toMatch(/Start it +npm run program -- practice\/http_server --port 8000\n/);
    expect(next.text).toMatch(/Do it again curl -i -A 'socket-lab' http:\/\/127\.0\.0\.1:8000\/\n/);
  });

  it("of a solved copy passes, and keeps what is proved with the cells as they were", async () => {
    const own = await practiceLab("06");
    await writeCopy(own, ALL);
    const { passed, text } = await checked(own);
    expect(text).toMatch(
      /\n\nAll 14 steps passed\.\nYou have proved: build a small HTTP server that answers with HTML\.\nBeyond the part: npm run check -- 06 --further \(\d+ more steps\)\nNext: npm run progress -- --report writes down/,
    );
    expect(passed).toBe(true);
    const pass = (await readRecord(own.lab.root)).record["06"]?.pass;
    expect(pass).toMatchObject({
      by: "npm run check -- 06",
      copy: own.practice.copy,
      criteria: ["build a small HTTP server that answers with HTML"],
    });
    expect(pass?.steps).toHaveLength(14);
    expect(Object.keys(pass?.cells ?? {})).toHaveLength(10);
  });

  it("that passes names the TODO that is left, and not what lies behind it", async () => {
    const own = await practiceLab("06");
    await writeCopy(own, (cell) => cell !== "http-target");
    const { text } = await checked(own);
    expect(text).toMatch(
      /\nLeft as TODO: http-target: part the path from the query, and decode both\n/,
    );
    const further = await checked(own, { further: true });
    expect(further.text).not.toMatch(/Left as TODO|Beyond the part/);
  });

  it("of a correct server in Python passes, and proves no criterion", async (ctx) => {
    await requireTool(ctx, "python3", "see https://www.python.org/downloads/");
    const own = await practiceLab("06");
    const file = path.join(REPOSITORY, "test/tools/practice/http_server.py");
    const child = startChild("python3", [file, "0"]);
    const [, port] = await child.line(/:(\d+)$/);
    const server = { host: "127.0.0.1", port: Number(port) };
    const { passed, text } = await checked(own, { server });
    expect(text).toMatch(/All 14 steps passed\.\nA server is judged by its port alone/);
    expect(passed).toBe(true);
    expect((await readRecord(own.lab.root)).record["06"]?.pass).toBeUndefined();
  });
});

describe("a copy that cannot be judged", TIMEOUT, () => {
  it("names the cell that does not compile, and its line", async () => {
    const own = await practiceLab("06");
    await writeCopy(own, NOTHING);
    const text = await readFile(own.lab.path(own.practice.copy), "utf8");
    await own.lab.write(
      own.practice.copy,
      text
        .replace("let left = MAX_FIELDS", "lett left = MAX_FIELDS")
        .replace("const TOKEN", "const const TOKEN"),
    );
    const { passed, text: said } = await checked(own);
    expect(passed).toBe(false);
    expect(said).toMatch(
      /✗ compiles\n\n {2}practice\/06-http-server-challenge\.ipynb#http-request:\d+:7: /,
    );
  });

  it("names the cell whose types the kernel would refuse, and its line", async () => {
    const own = await practiceLab("06");
    await writeCopy(own, ALL);
    const text = await readFile(own.lab.path(own.practice.copy), "utf8");
    const wrong = text.replace("let left = MAX_FIELDS", "let left: string = MAX_FIELDS");
    expect(wrong).not.toBe(text);
    await own.lab.write(own.practice.copy, wrong);
    const { passed, text: said } = await checked(own);
    expect(passed).toBe(false);
    expect(said).toMatch(
      /^✗ compiles\n\n {2}practice\/06-http-server-challenge\.ipynb#http-head:\d+:\d+: error TS2322: Type 'number' is not assignable to type 'string'\./,
    );
  });

  it("is not told of types in what is added around a cell, which the kernel does not see", async () => {
    const own = await practiceLab("06");
    const cell = `/** @module http_server */\nexport const main = () => console.log("no server");\n`;
    await own.lab.write(own.practice.copy, notebookText(`%% code one\n${cell}`));
    expect((await checked(own)).text).toMatch(
      /^✗ accepts a client, and is there for the next one\n/,
    );
  });

  it("says which module cell is missing", async () => {
    const own = await practiceLab("06");
    await writeCopy(own, NOTHING);
    const text = await readFile(own.lab.path(own.practice.copy), "utf8");
    await own.lab.write(
      own.practice.copy,
      text.replace("/** @module http_server */", "/** @module my_server */"),
    );
    expect((await checked(own)).text).toContain("no cell begins with /** @module http_server */");
  });

  it("is no notebook: an error that names it", async () => {
    const own = await practiceLab("06");
    await own.lab.write(own.practice.copy, "[");
    await expect(checked(own)).rejects.toThrow(`${own.practice.copy}:1:2: not JSON`);
  });
});
