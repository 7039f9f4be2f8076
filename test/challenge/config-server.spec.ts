/**
 * The challenge of Part 9 as a specification. It asks a server over HTTP, so it runs against any server, in
 * any language, whatever it holds already: `SERVER=127.0.0.1:9000 npx vitest run test/challenge/config`.
 */
import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { type Answer, ask } from "../../src/http/client";

/** Where the server under test listens. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Every run uses names of its own, so that it can be repeated. */
const newName = () => `t${randomBytes(6).toString("hex")}`;

export function describeConfigChallenge(address: () => Address): void {
  const send = (method: string, path: string, body?: string | Uint8Array, fields = {}) =>
    ask({ ...address(), method, path, body, fields });
  const put = (name: string, body: string | Uint8Array, fields = {}) =>
    send("PUT", `/configs/${name}`, body, fields);
  const json = (answer: Answer) => JSON.parse(String(answer.body));

  function expectProblem(answer: Answer, status: number): void {
    expect(answer.status, String(answer.body)).toBe(status);
    expect(answer.fields["content-type"], "errors are problem details (RFC 9457)").toMatch(
      /^application\/problem\+json/,
    );
    expect(json(answer).status).toBe(status);
  }

  test("PUT keeps the very bytes: 201 for a new configuration, 204 for the next, each with its ETag", async () => {
    const name = newName();
    const bytes = Buffer.from(Array.from({ length: 512 }, (_, i) => i % 256));
    const first = await put(name, "first\n");
    const second = await put(name, bytes);
    expect([first.status, second.status]).toEqual([201, 204]);
    const got = await send("GET", `/configs/${name}`);
    expect(got.status).toBe(200);
    expect(got.body.equals(bytes)).toBe(true);
    expect(got.fields.etag).toMatch(/^"[\x21\x23-\x7e]*"$/);
    expect(got.fields.etag).not.toBe(first.fields.etag);
  });

  test("HEAD has the fields of GET and nothing else", async () => {
    const name = newName();
    await put(name, "hostname r\n");
    const head = await send("HEAD", `/configs/${name}`);
    expect([head.status, head.fields["content-length"], head.body.length]).toEqual([200, "11", 0]);
    expect(head.fields.etag).toBe((await send("GET", `/configs/${name}`)).fields.etag);
  });

  test("GET /configs lists name, size, entity tag and time, with a link to the next page", async () => {
    const names = [newName(), newName(), newName()].sort();
    for (const name of names) await put(name, "12345");
    const found = new Map<string, { size: number; etag: string; time: string }>();
    let pages = 0;
    for (let next: string | undefined = "/configs?limit=2"; next !== undefined; pages++) {
      const page = await send("GET", next);
      expect(page.status).toBe(200);
      for (const config of json(page).configs) found.set(config.name, config);
      next = /<([^>]+)>; *rel="?next"?/.exec(String(page.fields.link ?? ""))?.[1];
    }
    expect(pages).toBeGreaterThan(1);
    for (const name of names) {
      const { etag } = (await send("GET", `/configs/${name}`)).fields;
      expect(found.get(name)).toMatchObject({
        size: 5,
        etag,
        time: expect.stringMatching(/^\d{4}-/),
      });
    }
  });

  test("If-None-Match on GET: 304 without content; on PUT with *: 412 when there is one", async () => {
    const name = newName();
    expect((await put(name, "one", { "If-None-Match": "*" })).status).toBe(201);
    expectProblem(await put(name, "two", { "If-None-Match": "*" }), 412);
    const { etag = "" } = (await send("GET", `/configs/${name}`)).fields;
    for (const tag of [etag, `W/${etag}`, `"x", ${etag}`]) {
      const same = await send("GET", `/configs/${name}`, undefined, { "If-None-Match": tag });
      expect([same.status, same.fields.etag, same.body.length], tag).toEqual([304, etag, 0]);
    }
  });

  test("of two that replace the same version one wins, and the other is told: 412", async () => {
    const name = newName();
    await put(name, "start");
    const { etag = "" } = (await send("GET", `/configs/${name}`)).fields;
    const both = await Promise.all(["a", "b"].map((text) => put(name, text, { "If-Match": etag })));
    expect(both.map(({ status }) => status).sort()).toEqual([204, 412]);
    expectProblem(await put(name, "c", { "If-Match": `W/${etag}` }), 412);
    expectProblem(await put(newName(), "c", { "If-Match": "*" }), 412);
  });

  test("versions are kept, and can be listed, read, compared, and made current again", async () => {
    const name = newName();
    await put(name, "mtu 1500\nend\n");
    await put(name, "mtu 9000\nend\n");
    const { versions } = json(await send("GET", `/configs/${name}/versions`));
    const numbers = versions.map(({ version }: { version: number }) => version);
    expect([...numbers].sort((a: number, b: number) => a - b)).toEqual([1, 2]);
    expect(String((await send("GET", `/configs/${name}/versions/1`)).body)).toBe("mtu 1500\nend\n");
    const diff = String((await send("GET", `/configs/${name}/diff?from=1&to=2`)).body);
    expect(diff).toContain("@@ -1,2 +1,2 @@\n-mtu 1500\n+mtu 9000\n end\n");
    const type = { "Content-Type": "application/json" };
    const back = await send("POST", `/configs/${name}/rollback`, '{"to": 1}', type);
    expect(back.status).toBe(200);
    expect(String((await send("GET", `/configs/${name}`)).body)).toBe("mtu 1500\nend\n");
  });

  test("DELETE is 204, then 404, and the versions stay", async () => {
    const name = newName();
    await put(name, "x");
    expect((await send("DELETE", `/configs/${name}`)).status).toBe(204);
    expectProblem(await send("GET", `/configs/${name}`), 404);
    expectProblem(await send("DELETE", `/configs/${name}`), 404);
    expect(String((await send("GET", `/configs/${name}/versions/1`)).body)).toBe("x");
  });

  test("what is not there is 404, what is not allowed 405 with Allow, another type 415", async () => {
    expectProblem(await send("GET", `/configs/${newName()}`), 404);
    expectProblem(await send("GET", "/nowhere"), 404);
    const wrong = await send("PATCH", `/configs/${newName()}`);
    expectProblem(wrong, 405);
    expect(String(wrong.fields.allow).split(/, */)).toEqual(
      expect.arrayContaining(["GET", "HEAD", "PUT", "DELETE"]),
    );
    expectProblem(await put(newName(), "<p>", { "Content-Type": "text/html" }), 415);
  });

  test("a rollback to a version that there is not is 409; nonsense is 400", async () => {
    const name = newName();
    await put(name, "x");
    const type = { "Content-Type": "application/json" };
    const path = `/configs/${name}/rollback`;
    expectProblem(await send("POST", path, '{"to": 99}', type), 409);
    expectProblem(await send("POST", path, "{", type), 400);
    expectProblem(await send("GET", "/configs?limit=many"), 400);
  });

  test("a body without end is 413", async () => {
    expectProblem(await put(newName(), Buffer.alloc(70 * 1024 * 1024)), 413);
  });

  test.each(["%2e%2e", "..%2fx", "%2fetc%2fpasswd", "..%5cx", "a%0ab", "a%20b"])(
    "%s is no device: 400",
    async (name) => {
      expectProblem(await put(name, "x"), 400);
      expectProblem(await send("GET", `/configs/${name}`), 400);
    },
  );
}
