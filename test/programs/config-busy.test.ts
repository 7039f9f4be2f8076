/** What one client asks for may take long; all others are answered meanwhile, and memory is bounded. */
import { open, readdir } from "node:fs/promises";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { main } from "../../dist/config_server";
import { connect } from "../../src/sockets/tcp";
import { openStore } from "../../src/store/config-store";
import { serveHere } from "../support/here";
import { asking, type Reply, startHere, type TestServer, tempFolder } from "./config-support";

const MIB = 2 ** 20;

/** Two texts for which each landmark of the comparison is found only after the one before. */
const chain = (noise: string) =>
  Array.from({ length: 45_000 }, (_, i) => `${noise}${i % 9}\n${i + 2}\n${i + 1}\n`).join("");

/** How often another client is answered, one request after the other, until `reply` is there. */
async function answeredMeanwhile(server: TestServer, reply: Promise<Reply>): Promise<number> {
  let isDone = false;
  const end = reply.finally(() => {
    isDone = true;
  });
  let answered = 0;
  while (!isDone) {
    expect((await server.send("GET", "/configs/small")).status).toBe(200);
    if (!isDone) answered++;
  }
  await end;
  return answered;
}

async function withSmall() {
  const server = await startHere();
  await server.send("PUT", "/configs/small", "hostname small\n");
  return server;
}

/** On a busy machine a comparison takes as long as its share of the processor makes it. */
const BUSY_MAX_MS = 120_000;

describe("another client is answered", { timeout: BUSY_MAX_MS }, () => {
  test("while two versions made to be slow are compared; the diff says that it gave up", async () => {
    const server = await withSmall();
    for (const noise of ["a", "b"]) {
      expect((await server.send("PUT", "/configs/r1", chain(noise))).status).toBeLessThan(300);
    }
    const reply = server.send("GET", "/configs/r1/diff");
    expect(await answeredMeanwhile(server, reply)).toBeGreaterThan(3);
    const { status, text } = await reply;
    expect(status).toBe(200);
    expect(text).toMatch(
      /^Too different to compare in full: .*\n--- r1 version 1\n\+\+\+ r1 version 2\n/,
    );
    expect(await readdir(path.join(server.folder, "drafts"))).toEqual([]);
  });

  test("while a text is looked for in a mebibyte of short lines, with masks", async () => {
    const server = await withSmall();
    for (let i = 0; i < 4; i++) {
      await server.store.put(`r${i}`, Buffer.from(`key ${i}\n`.repeat(MIB / 8)));
    }
    const reply = server.send("GET", "/configs?contains=nowhere");
    expect(await answeredMeanwhile(server, reply)).toBeGreaterThan(3);
    expect((await reply).json.configs).toEqual([]);
  });

  test("while many ask for a diff: they are computed one after the other", async () => {
    const server = await withSmall();
    for (const noise of ["a", "b"]) {
      await server.store.put("r1", Buffer.from(chain(noise).slice(0, MIB / 4)));
    }
    const replies = Array.from({ length: 3 }, () => server.send("GET", "/configs/r1/diff"));
    expect(await answeredMeanwhile(server, Promise.race(replies))).toBeGreaterThan(3);
    const statuses = await Promise.all(replies.map(async (reply) => (await reply).status));
    expect(statuses).toEqual([200, 200, 200]);
  });
});

describe("looking for a text", () => {
  test("in large configurations ends the page after some mebibytes, and the next goes on from there", async () => {
    const server = await startHere();
    for (let i = 0; i < 11; i++) {
      await server.store.put(
        `r${String(i).padStart(2, "0")}`,
        Buffer.from(`x${"y".repeat(MIB)}\nfound\n`),
      );
    }
    const pages: string[][] = [];
    for (let next: string | undefined = "/configs?contains=found"; next !== undefined; ) {
      const { json } = await server.send("GET", next);
      pages.push(json.configs.map(({ name }: { name: string }) => name));
      next = json.next;
    }
    expect(pages.map((page) => page.length)).toEqual([4, 4, 3]);
    expect(new Set(pages.flat()).size).toBe(11);
  });

  test("shows of a long line its beginning, and of many lines the first", async () => {
    const server = await startHere();
    await server.store.put("long", Buffer.from(`needle ${"x".repeat(MIB)}`));
    await server.store.put("many", Buffer.from("needle\n".repeat(5_000)));
    const { json, text } = await server.send("GET", "/configs?contains=needle");
    expect(json.configs[0].lines).toEqual([`needle ${"x".repeat(1_017)}…`]);
    expect(json.configs[1].lines).toHaveLength(1_000);
    expect([json.configs[0].more, json.configs[1].more]).toEqual([undefined, true]);
    expect(text.length).toBeLessThan(20_000);
  });

  test("longer than 256 characters is 400", async () => {
    const server = await startHere();
    const reply = await server.send("GET", `/configs?contains=${"x".repeat(257)}`);
    expect([reply.status, reply.json.detail]).toEqual([400, "contains has at most 256 characters"]);
  });
});

test("versions too large to be compared are 422, with what to do", async () => {
  const server = await startHere();
  await server.store.put("r1", Buffer.alloc(2 * MIB + 1, "x\n"));
  const { status, json } = await server.send("GET", "/configs/r1/diff");
  expect(status).toBe(422);
  expect(json.detail).toBe("version 1 of r1 is larger than 2097152 bytes: compare it yourself");
});

describe("a body larger than 64 KiB", () => {
  const LARGE = Buffer.alloc(8 * MIB, "interface GigabitEthernet0/0\n");

  async function startLarge() {
    const store = path.join(await tempFolder(), "store");
    const args = ["--port=0", "--store", store, "--max-bytes", `${64 * MIB}`];
    const { port } = await serveHere(main, args);
    return { ...asking(port), drafts: path.join(store, "drafts") };
  }

  const until = async (isSo: () => Promise<boolean>) => {
    const deadline = Date.now() + 15_000;
    while (!(await isSo())) {
      if (Date.now() > deadline) throw new Error("it did not come to be so in 15 s");
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  };

  test("waits in a file while it comes, which is gone when the client is", async () => {
    const server = await startLarge();
    const client = await connect({ port: server.port });
    onTestFinished(() => client.reset());
    await client.send(
      `PUT /configs/r1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${MIB}\r\n\r\n`,
    );
    await client.send(Buffer.alloc(MIB / 2, "x"));
    await until(async () => (await readdir(server.drafts)).length === 1);
    await client.reset();
    await until(async () => (await readdir(server.drafts)).length === 0);
    expect((await server.send("GET", "/configs/r1")).status).toBe(404);
  });

  test("comes out as it went in, as text, as HEAD, after a rollback, and not at all for 304", async () => {
    const server = await startLarge();
    const put = await server.send("PUT", "/configs/r1", LARGE);
    expect(put.status).toBe(201);
    expect(await readdir(server.drafts)).toEqual([]);
    const got = await server.send("GET", "/configs/r1");
    expect(got.body.equals(LARGE)).toBe(true);
    expect(got.fields["content-type"]).toBe("text/plain; charset=utf-8");
    expect(got.fields["content-length"]).toBe(`${LARGE.length}`);
    const head = await server.send("HEAD", "/configs/r1");
    expect([head.fields["content-length"], head.body.length]).toEqual([`${LARGE.length}`, 0]);
    const known = { "If-None-Match": String(put.fields.etag) };
    expect((await server.send("GET", "/configs/r1", undefined, known)).status).toBe(304);
    await server.send("PUT", "/configs/r1", "small\n");
    const json = { "Content-Type": "application/json" };
    expect((await server.send("POST", "/configs/r1/rollback", "{}", json)).status).toBe(200);
    expect((await server.send("GET", "/configs/r1/versions/3")).body.equals(LARGE)).toBe(true);
  });

  test("that is no text is called so, wherever the first such byte is", async () => {
    const server = await startLarge();
    const bytes = Buffer.from(LARGE);
    bytes[bytes.length - 1] = 0xc3;
    await server.send("PUT", "/configs/r1", bytes);
    const { fields, body } = await server.send("GET", "/configs/r1");
    expect(fields["content-type"]).toBe("application/octet-stream");
    expect(body.equals(bytes)).toBe(true);
  });
});

test("a damaged version that is large is a 500 before its first byte is sent", async () => {
  const folder = await tempFolder();
  const store = await openStore(path.join(folder, "store"));
  await store.put("r1", Buffer.alloc(MIB, "x\n"));
  await store.close();
  const pack = await open(path.join(folder, "store", "packs", "00000001.pack"), "r+");
  await pack.write("?", 900_000);
  await pack.close();
  const { port } = await serveHere(main, ["--port=0", "--store", path.join(folder, "store")]);
  const { status, json } = await asking(port).send("GET", "/configs/r1");
  expect([status, json.detail]).toEqual([
    500,
    "version 1 of r1 is damaged: its file is not what was written",
  ]);
});
