/** The commands as a person types them: challenge, check, progress, program and extract. */
import { readFile } from "node:fs/promises";
import { describe, expect, it, vi } from "vitest";
import { ProgramError, UsageError } from "../../../src/program/failures";
import { challengeList, startChallenge } from "../../../src/tools/practice/challenge-command";
import { parseAddress, readCheckRequest } from "../../../src/tools/practice/check-request";
import { HTTP_SERVER } from "../../../src/tools/practice/judges/06-http-server/judge";
import { updateRecord } from "../../../src/tools/practice/progress/record";
import { type Child, KERNEL_CHILD_DEADLINE_MS } from "../../support/child";
import { startCommand } from "../commands/support";
import { notebookText } from "../notebook/support/lab-folder";
import { isRunning } from "../stepper/support/session";
import { type PracticeLab, practiceLab, writeCopy } from "./support";

const TIMEOUT = { timeout: 3 * KERNEL_CHILD_DEADLINE_MS };

const WAIT = { timeout: KERNEL_CHILD_DEADLINE_MS, interval: 20 };

const endless = (pidFile: string) => `%% code endless
/** @module http_server */
import { writeFileSync } from "node:fs";
export const main = () => {
  writeFileSync(${JSON.stringify(pidFile)}, \`\${process.pid}\\n\`);
  setInterval(() => {}, 1000);
};
`;

function command({ lab }: PracticeLab, name: string, ...args: string[]): Child {
  return startCommand(name, args, { cwd: lab.root });
}

function args(positionals: string[], flags: string[] = [], values: [string, string][] = []) {
  return { positionals, flags: new Set(flags), values: new Map(values) };
}

describe("npm run challenge", () => {
  it("makes a blank copy, never overwrites it, and begins anew only when asked twice", async () => {
    const own = await practiceLab("06");
    const { lab, practice } = own;
    const said: string[] = [];
    const start = async (reset: boolean, yes?: boolean): Promise<[number, string]> => {
      said.length = 0;
      const confirm = yes === undefined ? undefined : async () => yes;
      const print = (line: string): void => void said.push(line);
      return [await startChallenge(lab.root, practice, { reset, confirm, print }), said.join("\n")];
    };
    expect((await challengeList(lab.root, [HTTP_SERVER]))[1]).toMatch(
      /^06 +challenge +an HTTP server from scratch +not begun$/,
    );
    expect(await start(false)).toEqual([0, expect.stringContaining("npm run check -- 06 ")]);
    const blank = await lab.read(practice.copy);
    expect(blank).toContain("TODO: accept each client");
    expect(blank).not.toContain("BEGIN SOLUTION");
    expect(blank).toContain("](../notebooks/07-http-for-real.ipynb)");
    expect(JSON.parse(blank).cells.flatMap(({ outputs = [] }) => outputs)).toEqual([]);

    await lab.write(practice.copy, blank.replace("TODO: accept", "mine: accept"));
    const mine = await lab.read(practice.copy);
    expect(await start(false)).toEqual([
      0,
      expect.stringContaining("is there already, and stays as it is"),
    ]);
    expect(await start(true)).toEqual([1, expect.stringContaining("--reset --yes")]);
    expect(await start(true, false)).toEqual([1, expect.stringContaining("stays as it is")]);
    expect(await lab.read(practice.copy)).toBe(mine);

    const [status, text] = await start(true, true);
    expect(status).toBe(0);
    expect(await lab.read(practice.copy)).toBe(blank);
    const backup = /practice\/backups\/06-http-server-challenge\.\d{4}-[\dT-]+\.ipynb/.exec(
      text,
    )?.[0];
    expect(await lab.read(backup ?? "")).toBe(mine);
    // Twice within a second: both are kept.
    const again = /practice\/backups\/\S+/.exec((await start(true, true))[1])?.[0];
    expect(again).not.toBe(backup);
    expect(await lab.read(backup ?? "")).toBe(mine);

    await updateRecord(lab.root, "06", () => ({
      last: { at: "2026-01-02", passed: 3, total: 14 },
    }));
    expect((await challengeList(lab.root, [HTTP_SERVER]))[1]).toMatch(/begun, 3 of 14 steps$/);
  });
});

describe("npm run check", () => {
  it("says in one line what is wrong with how it is called", async () => {
    const own = await practiceLab("06");
    const refused = (...given: Parameters<typeof args>) =>
      readCheckRequest(own.lab.root, args(...given)).catch((error: unknown) => error);
    expect(await refused([])).toEqual(new UsageError("Name one part"));
    expect(await refused(["06", "08"])).toBeInstanceOf(UsageError);
    expect(await refused(["99"])).toMatchObject({
      name: "UsageError",
      message: expect.stringMatching(/^Nothing can be practised in "99": no part has this name;/),
    });
    expect(await refused(["htpt-server-challenge"])).toMatchObject({
      message: expect.stringMatching(/did you mean http-server-challenge\?$/),
    });
    const server: [string, string][] = [["server", "localhost"]];
    expect(await refused(["06"], [], server)).toMatchObject({
      name: "UsageError",
      message: expect.stringMatching(/127\.0\.0\.1:9000, not "localhost"/),
    });
    expect(await refused(["06"], ["watch"], [["server", "localhost:1"]])).toBeInstanceOf(
      UsageError,
    );
    expect(await refused(["06"], [], [["command", "x"]])).toMatchObject({
      message: expect.stringContaining("npm run check -- 06 --server 127.0.0.1:9000"),
    });
    expect(await refused(["06"])).toEqual(
      new ProgramError("Part 6 is not begun: npm run challenge -- 06 makes your copy."),
    );
  });

  it("names the other way of judging a part that has no --server", async () => {
    const own = await practiceLab("08");
    const given = args(["08"], [], [["server", "127.0.0.1:9000"]]);
    await expect(readCheckRequest(own.lab.root, given)).rejects.toThrow(
      'Part 8 has no --server: it is judged by a command: npm run check -- 08 --command "python3',
    );
  });

  it.each(["06", "6", "06-http", "http", "server", "http-server-challenge", "practice/06"])(
    "knows Part 6 as %s",
    async (name) => {
      const own = await practiceLab("06");
      await writeCopy(own, () => false);
      expect(await readCheckRequest(own.lab.root, args([name]))).toMatchObject({
        practice: { copy: own.practice.copy },
      });
    },
  );

  it("reads the addresses that people write", () => {
    expect(parseAddress("localhost:80")).toEqual({ host: "localhost", port: 80 });
    expect(parseAddress("[::1]:9000")).toEqual({ host: "::1", port: 9000 });
    for (const wrong of ["", "9000", "::1:9000", "host:0", "host:65536", "host:x", "a b:1"]) {
      expect(parseAddress(wrong), wrong).toBeUndefined();
    }
  });

  it(
    "checks again when the copy is saved, and leaves nothing behind on Ctrl+C",
    TIMEOUT,
    async () => {
      const own = await practiceLab("06");
      await writeCopy(own, () => false);
      const child = command(own, "check", "06", "--watch");
      await child.line(/^✗ accepts a client/, KERNEL_CHILD_DEADLINE_MS);
      await child.line(
        /^Waiting for practice\/06-http-server-challenge\.ipynb to be saved/,
        KERNEL_CHILD_DEADLINE_MS,
      );
      await writeCopy(own, (cell) => cell === "http-server");
      await child.line(/^✓ accepts a client/, KERNEL_CHILD_DEADLINE_MS);
      await child.line(/^✗ answers a request in HTTP/, KERNEL_CHILD_DEADLINE_MS);
      // A program that never says where it listens, and Ctrl+C while the check waits for that.
      const pidFile = own.lab.path("pid");
      await own.lab.write(own.practice.copy, notebookText(endless(pidFile)));
      const pid = await vi.waitFor(async () => {
        const text = await readFile(pidFile, "utf8");
        expect(text).toMatch(/^\d+\n$/);
        return Number(text);
      }, WAIT);
      child.kill("SIGINT");
      expect(await child.end(KERNEL_CHILD_DEADLINE_MS)).toMatchObject({ status: 130, stderr: "" });
      expect(isRunning(pid)).toBe(false);
      expect(child.stdout).not.toContain("\x1b");
    },
  );
});

describe("copies beside the lab's own notebooks", () => {
  it(
    "are extracted and run when they are named; a broken one stops nobody else",
    TIMEOUT,
    async () => {
      const own = await practiceLab("06");
      await writeCopy(own, () => true);
      await own.lab.write("practice/99-broken.ipynb", "[");
      const extract = await command(own, "extract").end(KERNEL_CHILD_DEADLINE_MS);
      expect(extract.stdout).toMatch(
        /dist\/practice\/http_server\.mjs\n[\s\S]*1 program in dist\/practice\/, 12 files changed/,
      );
      expect(extract.stdout).toContain("1 program in dist/, ");
      expect(extract.stderr).toContain("practice/99-broken.ipynb:1:2: not JSON");
      expect(extract.status).toBe(1);
      const program = command(own, "program", "practice/http_server", "--port", "0");
      const [, port] = await program.line(
        /^HTTP Server running on http:\/\/127\.0\.0\.1:(\d+)$/,
        KERNEL_CHILD_DEADLINE_MS,
      );
      expect((await fetch(`http://127.0.0.1:${port}/hello`)).status).toBe(200);
      program.kill("SIGINT");
      expect((await program.end(KERNEL_CHILD_DEADLINE_MS)).status).toBe(0);
    },
  );
});
