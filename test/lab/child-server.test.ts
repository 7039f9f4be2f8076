import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startServer } from "../../src/lab/child-server";
import { connect } from "../../src/sockets/tcp";
import { startChild } from "../support/child";

async function script(text: string): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "socket-lab-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = path.join(folder, "server.mjs");
  await writeFile(file, text);
  return file;
}

const PAGE = "<p>the same for all: é</p>";

async function servesThePage(port: number): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${port}/`);
  expect(answer.headers.get("content-type")).toBe("text/html; charset=utf-8");
  expect(answer.headers.get("content-length")).toBe(String(Buffer.byteLength(PAGE)));
  expect(await answer.text()).toBe(PAGE);
}

test("the other servers to measure against serve the same page, in the same words", async () => {
  const peers = ["node-http", "fastify"].map((name) => path.resolve("src/lab/peers", `${name}.ts`));
  const file = await script(
    peers.map((peer) => `await import(${JSON.stringify(peer)});`).join("\n"),
  );
  const child = startChild(process.execPath, ["--import", "tsx", file, PAGE]);
  const ports = await child.until(() => {
    const said = [...child.stdout.matchAll(/^listening on 127\.0\.0\.1:(\d+)$/gm)];
    return said.length === peers.length ? said.map(([, port]) => Number(port)) : undefined;
  }, "where both listen");
  for (const port of ports) await servesThePage(port);
});

test("serves the page that it is given, until it is stopped", async () => {
  const server = await startServer("src/lab/peers/src-http.ts", PAGE);
  onTestFinished(() => server.stop());
  await servesThePage(server.port);
  await server.stop();
  await expect(connect({ port: server.port })).rejects.toMatchObject({ code: "REFUSED" });
});

test("says what a server wrote that ended before it listened", async () => {
  const file = await script('console.error("Fastify is not installed here"); process.exit(1);');
  await expect(startServer(file)).rejects.toThrow("Fastify is not installed here");
});

test("says that a server ended without a word", async () => {
  await expect(startServer(await script(""))).rejects.toThrow("ended before it listened");
});

test("shows the first line of a server that does not say where it listens", async () => {
  const file = await script('console.log("hello"); setInterval(() => {}, 1000);');
  await expect(startServer(file)).rejects.toThrow("did not say where it listens, but: hello");
});

test("ends a server that does not heed SIGTERM", async () => {
  const text =
    'process.on("SIGTERM", () => {}); console.log(":" + process.pid); setInterval(() => {}, 1000);';
  const server = await startServer(await script(text));
  await server.stop();
  expect(() => process.kill(server.port, 0)).toThrow("ESRCH");
});

test("kill ends it without a word of warning", async () => {
  const file = await script(
    `
    process.on("SIGTERM", () => {});
    const server = require("node:net").createServer().listen(0, "127.0.0.1", () => {
      console.log("listening on 127.0.0.1:" + server.address().port);
    });`.replace('require("node:net")', '(await import("node:net"))'),
  );
  const server = await startServer(file);
  await server.kill();
  await expect(connect({ port: server.port })).rejects.toMatchObject({ code: "REFUSED" });
});
