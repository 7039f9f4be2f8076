import { chmod, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { type Apache, findApache } from "../../../src/lab/apache/find-apache";
import { startRealServer } from "../../../src/lab/apache/real-server";
import type { Site, WebServer } from "../../../src/lab/apache/site";
import { startApache } from "../../../src/lab/apache/start-apache";
import { startNode } from "../../../src/lab/apache/start-node";
import { connect } from "../../../src/sockets/tcp";
import { startKernel } from "../../../src/tools/kernel/client";
import { requireApache } from "../../support/apache";
import { startChild } from "../../support/child";

const SITE: Site = {
  "index.html": "<h1>It works!</h1>\n",
  "fresh.shtml": '<p>Over <!--#echo var="SERVER_PROTOCOL" -->.</p>\n',
};

// A folder for temporary files of our own: other tests start an Apache too.
let temporary: string;
beforeAll(async () => {
  temporary = await mkdtemp(path.join(tmpdir(), "socket-lab-test-"));
  await chmod(temporary, 0o755);
  vi.stubEnv("TMPDIR", temporary);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(temporary, { recursive: true, force: true });
});

const apacheFolders = async () =>
  (await readdir(temporary)).filter((name) => name.startsWith("socket-lab-apache-"));

async function raw({ host, port }: WebServer, request: string): Promise<string> {
  const socket = await connect({ host, port, timeout: 5_000 });
  onTestFinished(() => socket.close());
  await socket.send(request);
  let answer = "";
  for await (const piece of socket) answer += String(piece);
  return answer;
}

async function stopped(server: WebServer): Promise<WebServer> {
  onTestFinished(() => server.stop());
  return server;
}

describe("each of the web servers of Part 4", () => {
  async function servesTheSite(server: WebServer): Promise<void> {
    const closing = "Host: localhost\r\nConnection: close\r\n\r\n";

    const counted = await raw(server, `GET / HTTP/1.1\r\n${closing}`);
    expect(counted).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(counted).toMatch(/\r\nContent-Length: 19\r\n/);
    expect(counted).toMatch(/\r\nLast-Modified: Tue, 16 Dec 2025 10:30:00 GMT\r\n/);
    expect(counted).toContain("\r\n\r\n<h1>It works!</h1>\n");

    const chunked = await raw(server, `GET /fresh.shtml HTTP/1.1\r\n${closing}`);
    expect(chunked).toMatch(/\r\nTransfer-Encoding: chunked\r\n/);
    expect(chunked).toContain("\r\n8\r\n<p>Over \r\n");

    const ended = await raw(server, "GET /fresh.shtml HTTP/1.0\r\n\r\n");
    expect(ended).not.toMatch(/Transfer-Encoding|Content-Length/);
    expect(ended).toContain("\r\n\r\n<p>Over HTTP/1.0.</p>\n");

    expect(await raw(server, `GET /nope HTTP/1.1\r\n${closing}`)).toMatch(/^HTTP\/1\.1 404 /);
    expect(await raw(server, "GET / HTTP/1.1\r\nConnection: close\r\n\r\n")).toMatch(
      /^HTTP\/1\.1 400 /,
    );
  }

  test("Apache serves the site, whichever way a body ends", async (ctx) => {
    await servesTheSite(await stopped(await startApache(await requireApache(ctx), SITE)));
  });

  test("Node serves the site, whichever way a body ends", async () => {
    await servesTheSite(await stopped(await startNode(SITE)));
  });
});

describe("an Apache of our own", () => {
  test("says that it is Apache", async (ctx) => {
    const server = await stopped(await startApache(await requireApache(ctx), SITE));
    expect(await raw(server, "GET / HTTP/1.0\r\n\r\n")).toMatch(/\r\nServer: Apache\r\n/);
  });

  test("is what Part 4 gets where it is installed", async (ctx) => {
    await requireApache(ctx);
    const said: string[] = [];
    const server = await stopped(await startRealServer(SITE, (line: string) => said.push(line)));
    expect(server.name).toBe("Apache");
    expect(said).toEqual([]);
  });

  test("leaves no process, no port and no file behind", async (ctx) => {
    const apache = await requireApache(ctx);
    const server = await startApache(apache, SITE);
    expect(await apacheFolders()).toHaveLength(1);
    await server.stop();
    expect(await apacheFolders()).toEqual([]);
    await expect(connect({ port: server.port })).rejects.toMatchObject({ code: "REFUSED" });
    await server.stop(); // once more does no harm
  });

  test("ends, with its files, when the process that started it is killed", async (ctx) => {
    await requireApache(ctx);
    const file = path.resolve(import.meta.dirname, "../../support/start-apache-and-wait.ts");
    const child = startChild(process.execPath, ["--import", "tsx", file]);
    const [, port] = await child.line(/^port (\d+)$/);
    child.kill("SIGKILL");
    await expect
      .poll(
        () =>
          connect({ port: Number(port) })
            .then((s) => s.close())
            .catch((e) => e.code),
        { timeout: 10_000 },
      )
      .toBe("REFUSED");
    await expect.poll(apacheFolders, { timeout: 10_000 }).toEqual([]);
  });

  test("clears up when a kernel that is shut down tells all its children to end", async (ctx) => {
    await requireApache(ctx);
    const kernel = await startKernel();
    onTestFinished(async () => void (await kernel.shutdown()));
    const start = 'import { startRealServer } from "./src/lab/apache/real-server";';
    const { status } = await kernel.execute(
      `${start}\nawait startRealServer({ "index.html": "" });`,
    );
    expect(status).toBe("ok");
    expect(await apacheFolders()).toHaveLength(1);
    await kernel.shutdown();
    await expect.poll(apacheFolders, { timeout: 10_000 }).toEqual([]);
  });

  test("that cannot start says why, in its own words, and leaves nothing behind", async (ctx) => {
    const apache: Apache = { ...(await requireApache(ctx)), modules: "/nowhere", compiledIn: "" };
    await expect(startApache(apache, SITE)).rejects.toThrow(/did not start:\n.+/);
    expect(await apacheFolders()).toEqual([]);
  });

  test("takes no file name that leads out of its folder", async (ctx) => {
    const apache = await requireApache(ctx);
    await expect(startApache(apache, { "../x": "" })).rejects.toThrow(
      '"../x" is not a plain file name',
    );
    await expect(startNode({ "/etc/passwd": "" })).rejects.toThrow("plain file name");
  });
});

describe("without Apache", () => {
  const nowhere = () => findApache([path.join(tmpdir(), "no-such-folder")]);

  function setCi(ci: string): void {
    const before = process.env.CI;
    vi.stubEnv("CI", ci);
    onTestFinished(() => void vi.stubEnv("CI", before));
  }

  test("Part 4 says how to install it, and goes on with Node's server", async () => {
    setCi("");
    const said: string[] = [];
    const server = await stopped(await startRealServer(SITE, (line) => said.push(line), nowhere));
    expect(server.name).toBe("Node");
    for (const how of ["apt-get install apache2", "dnf install httpd", "brew install httpd"]) {
      expect(said.join("\n")).toContain(how);
    }
  });

  test("continuous integration fails instead", async () => {
    setCi("true");
    await expect(startRealServer(SITE, () => {}, nowhere)).rejects.toThrow("installed in CI");
  });
});
