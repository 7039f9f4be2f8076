/** The book while notebooks are edited, without a browser. */
import { createServer } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { ask } from "../../../src/http/client";
import { bookCommand } from "../../../src/tools/book/command";
import { serveBook } from "../../../src/tools/book/serve";
import { type LabFolder, labFolder } from "../notebook/support/lab-folder";

const one = (text: string): string => `%% md one\n# Part 1: One\n\n${text}\n`;

async function served(lab: LabFolder) {
  const stop = new AbortController();
  const told: string[] = [];
  const options = {
    host: "127.0.0.1",
    port: 0,
    signal: stop.signal,
    tell: (line: string) => void told.push(line),
  };
  const server = await serveBook(lab.root, options);
  onTestFinished(async () => {
    stop.abort();
    await server.closed;
  });
  const get = async (name: string) => {
    const response = await fetch(`${server.url}/${name}`);
    return {
      status: response.status,
      type: response.headers.get("content-type"),
      text: await response.text(),
    };
  };
  return { server, get, told, stop };
}

/** The versions of a page, as its script is told of them. */
async function versionsOf(url: string, page: string) {
  const response = await fetch(`${url}/-/versions?page=${page}`);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  return async (): Promise<string> =>
    /data: (\S+)/.exec((await reader?.read())?.value ?? "")?.[1] ?? "";
}

describe("npm run book -- --serve", () => {
  it("serves what it would write, each file by its type", async () => {
    const { get } = await served(await labFolder({ "01-one": one("Hello.") }));
    expect(await get("")).toMatchObject({ status: 200, type: "text/html; charset=utf-8" });
    expect((await get("01-one.html?x=1")).text).toContain("<p>Hello.</p>");
    expect(await get("style.css")).toMatchObject({ status: 200, type: "text/css; charset=utf-8" });
    expect(await get("icon.svg")).toMatchObject({ status: 200, type: "image/svg+xml" });
    expect(await get("-/live.js")).toMatchObject({
      status: 200,
      type: "text/javascript; charset=utf-8",
    });
    for (const name of ["nope.html", "..%2f..%2fetc%2fpasswd", "%ff", "package.json"]) {
      expect((await get(name)).status, name).toBe(404);
    }
  });

  it("is closed to pages of other sites: a rebound name reads nothing, none may embed it", async () => {
    const { server, get } = await served(await labFolder({ "01-one": one("Secret.") }));
    for (const path of ["/01-one.html", "/-/live.js", "/-/versions?page=01-one.html"]) {
      const fields = { Host: "evil.example" };
      const answer = await ask({ ...server.local, path, fields });
      expect([path, answer.status]).toEqual([path, 421]);
      expect(String(answer.body)).not.toContain("Secret");
    }
    const { headers } = await fetch(`${server.url}/01-one.html`);
    expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
    expect(headers.get("cross-origin-resource-policy")).toBe("same-origin");
    expect((await get("01-one.html")).text).toContain("Secret.");
  });

  it("tells a page of its next version, shows an error on it, and recovers", async () => {
    const lab = await labFolder({ "01-one": one("Hello."), "02-two": one("Other.") });
    const { server, get, told } = await served(lab);
    const version = await versionsOf(server.url, "01-one.html");
    const first = await version();
    expect((await get("01-one.html")).text).toContain(`data-version="${first}"`);

    await lab.notebook("01-one", one("Changed."));
    const second = await version();
    expect(second).not.toBe(first);
    expect((await get("01-one.html")).text).toContain("<p>Changed.</p>");
    await expect.poll(() => told).toEqual(["Made anew: notebooks/01-one.ipynb"]);

    await lab.notebook("01-one", one("[x](nope.md) <b>"));
    const third = await version();
    expect(third).not.toBe(second);
    const { text } = await get("01-one.html");
    expect(text).toContain("<p>Changed.</p>");
    expect(text).toMatch(
      /role="alert".*notebooks\/01-one\.ipynb#one: the link to &quot;nope\.md&quot;/,
    );
    expect((await get("02-two.html")).text).toContain('role="alert"');
    expect(told.at(-1)).toContain("notebooks/01-one.ipynb#one: the link to");

    await lab.notebook("01-one", one("Changed."));
    expect(await version()).toBe(second);
    expect((await get("01-one.html")).text).not.toContain('role="alert"');
  });

  it("begins with a broken notebook too, and shows the book once it is mended", async () => {
    const lab = await labFolder();
    await lab.write("notebooks/01-one.ipynb", "{");
    const { server, get, told } = await served(lab);
    expect(told[0]).toContain("notebooks/01-one.ipynb:1:2: not JSON");
    expect((await get("")).text).toContain("notebooks/01-one.ipynb:1:2: not JSON");
    const version = await versionsOf(server.url, "index.html");
    await version();
    await lab.notebook("01-one", one("Mended."));
    await version();
    expect((await get("01-one.html")).text).toContain("<p>Mended.</p>");
  });

  it("stops at once, although pages listen for their next version", async () => {
    const { server, stop } = await served(await labFolder({ "01-one": one("Hello.") }));
    const version = await versionsOf(server.url, "index.html");
    await version();
    stop.abort();
    await server.closed;
    expect(await version()).toBe("");
  });

  it("says what to do when its port is taken", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => taken.once("listening", resolve));
    onTestFinished(() => void taken.close());
    const { port } = taken.address() as { port: number };
    let stderr = "";
    const lab = await labFolder({ "01-one": one("Hello.") });
    const status = await bookCommand(lab.root)(["--serve", "--port", String(port)], {
      stdout: { write: () => true },
      stderr: { write: (text) => (stderr += text) },
      env: {},
    });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^book: .*in use.*--port 0 lets the system choose.*\n$/);
  });
});
