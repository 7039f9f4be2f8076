/** No client gets in without the token, and no name leads out of the store's folder. */

import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { main, start } from "../../dist/config_server";
import { wrongTokens } from "../../dist/config_wrong_tokens";
import { connect } from "../../src/sockets/tcp";
import { openStore } from "../../src/store/config-store";
import { exchange, parseResponses } from "../http/support/raw-client";
import { runHere, serveHere } from "../support/here";
import { spawnProgram } from "../support/program";
import { asking, startHere, startProcess, tempFolder } from "./config-support";

/** Sends a request exactly as it is written: a client would tidy up the path. */
async function raw(port: number, line: string, fields = "") {
  const request = `${line} HTTP/1.1\r\nHost: localhost:${port}\r\n${fields}Connection: close\r\n\r\n`;
  const [answer] = parseResponses(await exchange(port, request), [line.startsWith("HEAD")]);
  if (answer === undefined) throw new Error("no answer");
  return answer;
}

const turnOfTheLoop = () => new Promise<void>((resolve) => setImmediate(resolve));

async function everything(folder: string): Promise<string[]> {
  return (await readdir(folder, { recursive: true })).sort();
}

describe("a path that leads out of the store, however it is encoded,", () => {
  test.each([
    "../secret",
    "..",
    ".",
    "%2e%2e",
    "%2E%2e",
    ".%2e",
    "%2e%2e%2fsecret",
    "..%2fsecret",
    "%2e%2e/secret",
    "..%5csecret",
    "%252e%252e%252fsecret",
    "%2fetc%2fpasswd",
    "%c0%ae%c0%ae",
    "%c0%af",
    "%e0%80%ae%e0%80%ae",
    "%ef%bc%8e%ef%bc%8e",
    "a%00",
    "a%0a",
    "a%20b",
    "C:",
    "c%3a%5cwindows",
    "nul",
    "COM1.txt",
    "x.",
    "-rf",
    "~root",
    "x".repeat(65),
  ])("%s, is 400 or 404 for every method, and touches nothing", async (name) => {
    const folder = await tempFolder();
    const store = await openStore(path.join(folder, "store"));
    const server = await start(store, { port: 0 });
    onTestFinished(async () => {
      await server.stop();
      await store.close();
    });
    const before = await everything(folder);
    const { port } = server.local;
    for (const method of ["GET", "PUT", "DELETE"]) {
      const { status } = await raw(port, `${method} /configs/${name}`, "Content-Length: 0\r\n");
      expect([400, 404, 405], `${method} ${status}`).toContain(status);
    }
    for (const rest of ["versions", "versions/1", "diff"]) {
      const { status } = await raw(port, `GET /configs/${name}/${rest}`);
      expect([400, 404], `${rest} ${status}`).toContain(status);
    }
    const wish = "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";
    const request = `POST /configs/${name}/rollback HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${wish}`;
    expect(String(await exchange(port, request))).toMatch(/^HTTP\/1\.1 40[04] /);
    expect(await everything(folder)).toEqual(before);
  });
});

describe("with a token", () => {
  const TOKEN = "correct-horse.battery~staple+0/1==";
  const KNOCK = { Authorization: `Bearer ${TOKEN}` };

  test.each([
    ["GET", "/configs"],
    ["HEAD", "/configs"],
    ["GET", "/configs/r1"],
    ["HEAD", "/configs/r1"],
    ["PUT", "/configs/r1"],
    ["DELETE", "/configs/r1"],
    ["GET", "/configs/r1/versions"],
    ["GET", "/configs/r1/versions/1"],
    ["GET", "/configs/r1/diff"],
    ["POST", "/configs/r1/rollback"],
    ["PATCH", "/configs/r1"],
    ["OPTIONS", "/configs"],
    ["OPTIONS", "*"],
    ["GET", "/nowhere"],
    ["GET", "/configs/%2e%2e"],
  ])("%s %s needs it", async (method, target) => {
    const server = await startHere({ token: TOKEN });
    await server.send("PUT", "/configs/r1", "kept", KNOCK);
    const reply = await server.send(method, target);
    expect(reply.status).toBe(401);
    expect(reply.fields["www-authenticate"]).toBe('Bearer realm="config_server"');
    if (method !== "HEAD") expect(reply.json).toMatchObject({ status: 401, title: "Unauthorized" });
    expect((await server.send("GET", "/configs/r1", undefined, KNOCK)).text).toBe("kept");
  });

  test.each([
    [`Bearer ${TOKEN}x`],
    [`Bearer ${TOKEN.slice(0, -1)}`],
    [`Bearer ${TOKEN.toUpperCase()}`],
    ["Bearer"],
    ["Bearer "],
    [`Basic ${TOKEN}`],
    [TOKEN],
    [`Bearer ${TOKEN}, Bearer x`],
    [`Bearer ${"x".repeat(10_000)}`],
  ])("%s is not it", async (value) => {
    const server = await startHere({ token: TOKEN });
    const reply = await server.send("GET", "/configs", undefined, { Authorization: value });
    expect(reply.status).toBe(401);
    expect(reply.fields["www-authenticate"]).toMatch(/^Bearer realm="config_server"/);
  });

  test("it is taken from the field, whatever the case of the scheme", async () => {
    const server = await startHere({ token: TOKEN });
    for (const scheme of ["Bearer", "bearer", "BEARER"]) {
      const fields = { Authorization: `${scheme} ${TOKEN}` };
      expect((await server.send("GET", "/configs", undefined, fields)).status).toBe(200);
    }
    expect((await server.send("GET", `/configs?access_token=${TOKEN}`)).status).toBe(401);
  });

  test("it is compared as a whole, by Node's own comparison in constant time", async () => {
    // What can be tested of constant time is that nothing else compares.
    const cell = await readFile(
      path.resolve(import.meta.dirname, "../../dist/config_guard.ts"),
      "utf8",
    );
    expect(cell).toContain("timingSafeEqual(digest(given), wanted)");
    expect(cell).not.toMatch(/given\s*[!=]==?(?!=|\s*undefined)|[!=]==?\s*token\b/);
  });

  test("it comes from the environment as well: a line that ps shows need not have it; SIGTERM ends with 0", async () => {
    const store = path.join(await tempFolder(), "store");
    const server = await startProcess(store, [], { TOKEN });
    expect((await server.send("GET", "/configs")).status).toBe(401);
    expect((await server.send("GET", "/configs", undefined, KNOCK)).status).toBe(200);
    const { child } = server.program;
    expect(child.stdout).not.toContain(TOKEN);
    const client = await connect({ port: server.port });
    onTestFinished(() => client.reset());
    await client.send("GET /configs HT");
    child.kill("SIGTERM");
    expect(await child.end()).toMatchObject({ status: 0, stderr: "" });
  });

  test("wrong ones are answered after a while, one after the other, and told of: the first, the tenth", async () => {
    const told: string[] = [];
    let waits = 0;
    let endWait = () => {};
    const wrong = wrongTokens(
      (address, count) => told.push(`${address} ${count}`),
      () => {
        waits++;
        return new Promise<void>((resolve) => {
          endWait = resolve;
        });
      },
    );
    let answered = 0;
    for (let i = 0; i < 10; i++) void wrong("192.0.2.1").then(() => answered++);
    await turnOfTheLoop();
    expect([waits, answered]).toEqual([1, 0]);
    endWait();
    await turnOfTheLoop();
    expect([waits, answered]).toEqual([2, 1]);
    // Another address does not wait for the first.
    void wrong("192.0.2.2").then(() => answered++);
    await turnOfTheLoop();
    expect(waits).toBe(3);
    expect(told).toEqual(["192.0.2.1 1", "192.0.2.1 10", "192.0.2.2 1"]);
  });

  test("the right one is answered while wrong ones wait; the program tells of them, without the token", async () => {
    const store = path.join(await tempFolder(), "store");
    const { here, port } = await serveHere(main, ["--port=0", "--store", store], { TOKEN });
    const server = asking(port);
    let waiting = 20;
    const wrong = Array.from({ length: waiting }, async () => {
      const fields = { Authorization: "Bearer wrong-horse-battery" };
      const { status } = await server.send("GET", "/configs", undefined, fields);
      waiting--;
      return status;
    });
    await here.line(/^Wrong token from 127\.0\.0\.1, 1 so far$/);
    await here.line(/^Wrong token from 127\.0\.0\.1, 10 so far$/);
    expect((await server.send("GET", "/configs", undefined, KNOCK)).status).toBe(200);
    expect(waiting).toBeGreaterThan(0);
    expect(here.stdout).not.toContain("wrong-horse");
    expect(new Set(await Promise.all(wrong))).toEqual(new Set([401]));
  });

  test.each(["", "two words", "naïve", "=x", "x", "fifteen-letters"])(
    "it cannot be %j",
    async (token) => {
      const args = ["--port=0", "--store", path.join(await tempFolder(), "s"), `--token=${token}`];
      const { status, stderr } = await runHere(main, args).end();
      expect(stderr).toMatch(/^config_server: a token has (letters|at least 16)/);
      expect(status).toBe(2);
    },
  );
});

describe("a server that is full", () => {
  const TOKEN = "correct-horse.battery~staple+0/1==";
  const KNOCK = { Authorization: `Bearer ${TOKEN}` };
  const PLACES = 4;

  async function full() {
    const server = await startHere({
      token: TOKEN,
      limits: { maxConnections: PLACES, maxNewcomers: 2 },
    });
    const half = async () => {
      const client = await connect({ port: server.port });
      onTestFinished(() => client.reset());
      await client.send("GET /configs HTTP/1.1\r\nHost: localhost\r\n");
      return client;
    };
    return { server, half };
  }

  test("of half requests answers the client that has the token", async () => {
    const { server, half } = await full();
    for (let i = 0; i < 3 * PLACES; i++) await half();
    expect((await server.send("GET", "/configs", undefined, KNOCK)).status).toBe(200);
  });

  test("of half requests keeps the connection whose client has shown the token", async () => {
    const { server, half } = await full();
    const owner = await connect({ port: server.port });
    onTestFinished(() => owner.reset());
    const request = `GET /configs HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${TOKEN}\r\n\r\n`;
    for (let i = 0; i < 3; i++) {
      await owner.send(request);
      expect(String(await owner.recv(4096))).toMatch(/^HTTP\/1\.1 200 /);
      for (let other = 0; other < 2 * PLACES; other++) await half();
    }
  });

  test("of clients that have the token answers one more 503", async () => {
    const { server } = await full();
    const request = `GET /configs HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${TOKEN}\r\n\r\n`;
    for (let i = 0; i < PLACES; i++) {
      const client = await connect({ port: server.port });
      onTestFinished(() => client.reset());
      await client.send(request);
      expect(String(await client.recv(4096))).toMatch(/^HTTP\/1\.1 200 /);
    }
    expect((await server.send("GET", "/configs", undefined, KNOCK)).status).toBe(503);
  });
});

describe("without a token", () => {
  test.each(["0.0.0.0", "::", "192.0.2.1"])(
    "it refuses to listen on %s, with exit code 2, and makes no store",
    async (host) => {
      const folder = await tempFolder();
      const args = ["--host", host, "--port=0", "--store", path.join(folder, "store")];
      const { status, stderr } = await runHere(main, args).end();
      expect(stderr).toMatch(/can be reached from other machines: set a token/);
      expect(stderr.split("\n")).toHaveLength(3);
      expect(status).toBe(2);
      expect(await readdir(folder)).toEqual([]);
    },
  );

  test("it says so when it cannot tell where a host is", async () => {
    const args = [
      "--host",
      "host.invalid",
      "--port=0",
      "--store",
      path.join(await tempFolder(), "s"),
    ];
    const { status, stderr } = await runHere(main, args).end();
    expect(stderr).toMatch(/^config_server: listen host\.invalid: .*host.*\n$/);
    expect(status).toBe(1);
  });

  test.each(["127.0.0.1", "127.9.9.9", "localhost", "::1"])("it listens on %s", async (host) => {
    const store = path.join(await tempFolder(), "store");
    const args = ["--host", host, "--port=0", "--store", store];
    const { firstLine } = await serveHere(main, args);
    expect(firstLine).toMatch(/listening on http:\/\/(127\.\d+\.\d+\.\d+|\[::1\]):\d+$/);
  });

  test("it answers to local names only: a page cannot come in by a name of its own", async () => {
    const { port } = await startHere();
    const ask = (host: string) =>
      exchange(port, `GET /configs HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    for (const host of ["localhost", `LOCALHOST:${port}`, "127.0.0.1", "127.9.9.9:80", "[::1]:1"]) {
      expect(String(await ask(host)), host).toMatch(/^HTTP\/1\.1 200 /);
    }
    for (const host of ["evil.example", "127.0.0.1.evil.example", "192.0.2.1", "[::2]", "127"]) {
      expect(String(await ask(host)), host).toMatch(/^HTTP\/1\.1 421 /);
    }
  });
});

test("with a token it listens where it is told", async () => {
  const store = path.join(await tempFolder(), "store");
  const args = ["--host", "0.0.0.0", "--port=0", "--store", store];
  const { port } = await serveHere(main, args, { TOKEN: "just-long-enough" });
  const fields = { Authorization: "Bearer just-long-enough", Host: "config.example" };
  expect((await asking(port).send("GET", "/configs", undefined, fields)).status).toBe(200);
});

describe("a body", () => {
  test("larger than --max-bytes is 413, before it is sent", async () => {
    const store = path.join(await tempFolder(), "store");
    const args = ["--port=0", "--store", store, "--max-bytes", "1000"];
    const server = asking((await serveHere(main, args)).port);
    const answer = await raw(server.port, "PUT /configs/r1", "Content-Length: 1001\r\n");
    expect(answer.status).toBe(413);
    expect(JSON.parse(String(answer.body))).toMatchObject({ status: 413, type: "about:blank" });
    expect((await server.send("PUT", "/configs/r1", "x".repeat(1_000))).status).toBe(201);
  });

  test("that breaks off is not kept", async () => {
    const server = await startHere();
    const client = await connect({ port: server.port });
    await client.send(
      "PUT /configs/r1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nhalf",
    );
    await client.shutdown();
    expect(String(await client.recv(1024))).toMatch(/^HTTP\/1\.1 400 /);
    await client.close();
    expect((await server.send("GET", "/configs/r1")).status).toBe(404);
  });
});

describe("the options", () => {
  test("are told by --help, with 8000 as port", async () => {
    const { status, stdout } = await runHere(main, ["--help"]).end();
    expect(status).toBe(0);
    for (const line of [
      /--port PORT .*default 8000/,
      /--store FOLDER/,
      /--token TOKEN .*environment TOKEN/,
      /--mask/,
      /--max-bytes BYTES .*default 1048576/,
    ]) {
      expect(stdout).toMatch(line);
    }
  });

  test("with a port in use are a failure in one line, and the store is free again", async () => {
    const { port } = await startHere();
    const store = path.join(await tempFolder(), "store");
    const args = [`--port=${port}`, "--store", store];
    const { status, stderr } = await spawnProgram("config_server", args).end();
    expect(stderr).toMatch(/^config_server: .*in use.*\n$/);
    expect(status).toBe(1);
    await (await openStore(store)).close();
  });
});
