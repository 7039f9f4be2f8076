/** The quick reference that closes the lab: each snippet is checked and run in the kernel, against a live peer. */

import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SocketError } from "../../src/sockets/errors";
import { connect, listen } from "../../src/sockets/tcp";
import { bind, udpSocket } from "../../src/sockets/udp";
import { type Kernel, startKernel } from "../../src/tools/kernel/client";
import { readNotebook } from "../../src/tools/notebook/files";

const notebook = await readNotebook(process.cwd(), "notebooks/09-configuration-server.ipynb");
const source = notebook.cells.find(({ id }) => id === "quick-reference")?.source ?? "";

/** Snippets by the line above them. */
const snippets = new Map(
  Array.from(source.matchAll(/^(.+):\n\n```ts\n([\s\S]*?)^```$/gm), ([, title = "", code = ""]) => [
    title,
    code,
  ]),
);

let kernel: Kernel;
beforeAll(async () => {
  kernel = await startKernel();
}, 60_000);
afterAll(() => kernel.shutdown());

/** A port that nobody holds at the moment. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** Runs the snippet on this port in place of the lab's own; resolves with what it printed. */
async function run(title: string, port: number): Promise<string> {
  const snippet = snippets.get(title);
  if (snippet === undefined) throw new Error(`the quick reference has no "${title}"`);
  let printed = "";
  const cell = snippet.replace(/\b(?:8080|9090|8000)\b/, String(port));
  const { status, error } = await kernel.execute(cell, {
    onOutput: (output) => {
      if (output.output_type === "stream") printed += output.text;
    },
  });
  expect(status, `${error?.evalue}\n${printed}`).toBe("ok");
  // What a snippet opens, it closes.
  expect(await kernel.openResources()).toEqual([]);
  return printed;
}

/** Tries again until somebody listens. */
async function reach(port: number) {
  for (let tries = 0; tries < 500; tries++) {
    try {
      return await connect({ port });
    } catch (error) {
      if (!(error instanceof SocketError) || error.code !== "REFUSED") throw error;
      await pause(20);
    }
  }
  throw new Error(`nobody listens on port ${port}`);
}

test("has a snippet for each of the original's, and for HTTP and errors", () => {
  expect([...snippets.keys()]).toEqual([
    "A TCP server",
    "A TCP client",
    "A UDP server",
    "A UDP client",
    "An HTTP server",
    "An HTTP request by hand",
    "What can fail, and what to do about it",
  ]);
});

describe("in the quick reference", { timeout: 60_000 }, () => {
  test("the TCP server answers a client", async () => {
    const port = await freePort();
    const printed = run("A TCP server", port);
    const client = await reach(port);
    await client.send("message");
    expect(String(await client.recv(1024))).toBe("response");
    await client.close();
    expect(await printed).toBe("message\n");
  });

  test("the TCP client asks a server", async () => {
    const server = await listen({ port: 0 });
    const printed = run("A TCP client", server.local.port);
    const client = await server.accept();
    expect(String(await client.recv(1024))).toBe("message");
    await client.send("response");
    expect(await printed).toBe("response\n");
    await client.close();
    await server.close();
  });

  test("the UDP server answers a datagram", async () => {
    const port = await freePort();
    let over = false;
    const printed = run("A UDP server", port).finally(() => {
      over = true;
    });
    const client = udpSocket();
    // A datagram to nobody is lost without a word: send until one is answered.
    const answer = client.recvfrom();
    while (!over) {
      await client.sendto("message", { host: "127.0.0.1", port }).catch(() => undefined);
      await pause(20);
    }
    expect(String((await answer).data)).toBe("response");
    expect(await printed).toBe("message\n");
    await client.close();
  });

  test("the UDP client asks a server", async () => {
    const server = await bind({ port: 0 });
    const printed = run("A UDP client", server.local.port);
    const { data, from } = await server.recvfrom();
    expect(String(data)).toBe("message");
    await server.sendto("response", from);
    expect(await printed).toBe("response\n");
    await server.close();
  });

  test("the HTTP server answers a request", async () => {
    const port = await freePort();
    const printed = run("An HTTP server", port);
    await (await reach(port)).close();
    const answer = await fetch(`http://127.0.0.1:${port}/hello`, {
      headers: { Connection: "close" },
    });
    expect(await answer.text()).toBe("You asked for /hello");
    expect(await printed).toBe("");
  });

  test("the HTTP request by hand is understood by a server", async () => {
    const server = createHttpServer((request, response) => {
      response.end(`${request.method} ${request.url} for ${request.headers.host}`);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const printed = await run("An HTTP request by hand", port);
    expect(printed).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*GET \/hello for localhost\n/);
    server.close();
  });

  test("a refusal is told with what to do about it", async () => {
    const printed = await run("What can fail, and what to do about it", await freePort());
    expect(printed).toMatch(/^REFUSED\nNothing listens there: .*\n$/);
  });
});

test("the key takeaways name the calls of both sides, and the two protocols' uses", () => {
  const takeaways = notebook.cells.find(({ id }) => id === "takeaways")?.source ?? "";
  for (const words of [
    "`listen` → `accept` → `recv` and `send` → `close`",
    "`connect` → `send` and `recv` → `close`",
    "`bind` → `recvfrom` and `sendto` → `close`",
    "HTTP, SSH",
    "DNS, syslog",
    "`GET /path HTTP/1.1\\r\\n",
    "`HTTP/1.1 200 OK\\r\\n",
  ]) {
    expect(takeaways).toContain(words);
  }
});
