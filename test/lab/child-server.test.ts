import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startServer } from "../../src/lab/child-server";
import { connect } from "../../src/sockets/tcp";

async function script(text: string): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "socket-lab-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = path.join(folder, "server.mjs");
  await writeFile(file, text);
  return file;
}

const peers = ["src-http", "node-http", "fastify"].map((name) => `src/lab/peers/${name}.ts`);

test.each(peers)("%s serves the page that it is given, until it is stopped", async (file) => {
  const page = "<p>the same for all: é</p>";
  const server = await startServer(file, page);
  onTestFinished(() => server.stop());
  const answer = await fetch(`http://127.0.0.1:${server.port}/`);
  expect(answer.headers.get("content-type")).toBe("text/html; charset=utf-8");
  expect(answer.headers.get("content-length")).toBe(String(Buffer.byteLength(page)));
  expect(await answer.text()).toBe(page);
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
