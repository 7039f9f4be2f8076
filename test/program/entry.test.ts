import { rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { connect } from "../../src/sockets/tcp";
import { type Child, startChild } from "../support/child";
import { extracted, SERVER } from "./support/extracted";

function start(file: string, ...args: string[]): Child {
  return startChild(process.execPath, [file, ...args], {
    env: { HOST: undefined, PORT: undefined },
  });
}

/** Starts the sample server on a port of the system's choice, and waits until it listens. */
async function running(file: string, ...args: string[]): Promise<{ child: Child; port: number }> {
  const child = start(file, "--port", "0", ...args);
  const [, port] = await child.line(/^TCP Server listening on 127\.0\.0\.1:(\d+)$/);
  return { child, port: Number(port) };
}

describe("a program run with plain node", () => {
  it.each(["SIGINT", "SIGTERM"] as const)(
    "says where it listens, answers, and ends cleanly with 0 on %s, with clients connected",
    async (signal) => {
      const { child, port } = await running(await extracted("sample_server", SERVER));
      const clients = [await connect({ port }), await connect({ port }), await connect({ port })];
      await clients[0].send("x");
      expect(String(await clients[0].recv(1))).toBe("x");
      child.kill(signal);
      expect(await child.end()).toMatchObject({ status: 0, signal: null, stderr: "" });
      for (const client of clients) {
        const end = await client.recv(1).catch((error) => error.code);
        expect(end === "RESET" || end.length === 0).toBe(true);
        client.reset();
      }
    },
  );

  it("ends with 130 on a second signal, while it does not heed the first", async () => {
    const { child } = await running(await extracted("sample_server", SERVER), "--how", "deaf");
    child.kill("SIGINT");
    await child.line(/^asked to stop$/);
    child.kill("SIGTERM");
    expect(await child.end()).toMatchObject({ status: 130, stderr: "" });
  });

  it("gives up a run that does not heed the signal, and ends with 0", async () => {
    const { child } = await running(await extracted("sample_server", SERVER), "--how", "deaf");
    child.kill("SIGINT");
    expect(await child.end()).toMatchObject({ status: 0, stderr: "" });
  });

  it("serves again after it ran out of file descriptors", async () => {
    const file = await extracted("sample_server", SERVER);
    const script = `ulimit -n 40 && exec "$0" "$1" --port 0`;
    const child = startChild("sh", ["-c", script, process.execPath, file]);
    const [, port] = await child.line(/^TCP Server listening on 127\.0\.0\.1:(\d+)$/);
    const crowd = await Promise.all(
      Array.from({ length: 60 }, () => connect({ port: Number(port) }).catch(() => undefined)),
    );
    await Promise.all(crowd.map((one) => one?.close()));
    let answer = "";
    for (const deadline = AbortSignal.timeout(10_000); answer === "" && !deadline.aborted; ) {
      const client = await connect({ port: Number(port) });
      await client.send("still there?").catch(() => {}); // the server may still be short of them
      answer = String(await client.recv(100, { timeout: 5_000 }).catch(() => ""));
      await client.close();
    }
    expect(answer).toBe("still there?");
  });

  it("ends with 2 and a hint to --help on a bad option", async () => {
    const child = start(await extracted("sample_server", SERVER), "--nonsense");
    expect(await child.end()).toMatchObject({
      status: 2,
      stdout: "",
      stderr: "sample_server: unknown option '--nonsense'\nTry: node sample_server.mjs --help\n",
    });
  });

  it("ends although a timer still runs, having written everything", async () => {
    const child = start(await extracted("sample_server", SERVER), "--how", "stray");
    expect(await child.end()).toMatchObject({ status: 0, stdout: "done, but a timer runs\n" });
    const talker = start(await extracted("sample_server", SERVER), "--how", "talk");
    const { status, stdout } = await talker.end();
    expect([status, stdout.split("\n").length]).toEqual([0, 100_001]);
  });

  it("ends quietly when its reader goes away", async () => {
    const child = start(await extracted("sample_server", SERVER), "--how", "talk");
    await child.line();
    child.process.stdout.destroy();
    expect(await child.end()).toMatchObject({ status: 0, stderr: "" });
  });

  it("runs through a symbolic link, and does nothing when it is imported", async () => {
    const file = await extracted("sample_server", SERVER);
    const link = path.join(path.dirname(file), "link.mjs");
    await symlink(file, link);
    const linked = await start(link, "--help").end();
    expect(linked).toMatchObject({ status: 0, stdout: expect.stringMatching(/^Answers\.\n/) });
    const importer = path.join(path.dirname(file), "importer.mjs");
    await writeFile(importer, `import "./sample_server.mjs"; console.log("imported");`);
    expect(await start(importer).end()).toMatchObject({
      status: 0,
      stdout: "imported\n",
      stderr: "",
    });
  });
});

describe("a bug in a program", () => {
  const line = SERVER.split("\n").findIndex((text) => text.includes('"a bug"')) + 1;

  it("prints its stack with the notebook, the cell and the line, and ends with 1", async () => {
    const child = start(await extracted("sample_server", SERVER), "--how", "bug");
    const { status, stderr } = await child.end();
    expect(status).toBe(1);
    expect(stderr).toMatch(/^sample_server: TypeError: a bug\n/);
    expect(stderr).toContain(`notebooks/02-tcp.ipynb#the-cell:${line}:`);
    expect(stderr).toContain("src/program/program.ts:");
    expect(stderr).not.toContain("sample_server.mjs:");
  });

  it.each([
    ["late bug", "a late bug", 1],
    ["rejection", "nobody handled it", 2],
  ])("is found also as a %s, outside of what run awaits", async (how, message, offset) => {
    const file = await extracted("sample_server", SERVER);
    const { status, stderr } = await start(file, "--port", "0", "--how", how).end();
    expect(status).toBe(1);
    expect(stderr).toContain(`TypeError: ${message}\n`);
    expect(stderr).toContain(`notebooks/02-tcp.ipynb#the-cell:${line + offset}:`);
  });

  it("prints the stack as it is where the map is missing or broken", async () => {
    const file = await extracted("sample_server", SERVER);
    await writeFile(`${file}.map`, "{");
    for (let round = 0; round < 2; round++) {
      const { status, stderr } = await start(file, "--how", "bug").end();
      expect(status).toBe(1);
      expect(stderr).toContain("sample_server.mjs:");
      await rm(`${file}.map`, { force: true });
    }
  });
});
