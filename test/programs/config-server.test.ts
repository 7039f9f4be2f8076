/** config_server over HTTP: every route, every status, conditions, pages, masks. */
import { describe, expect, test } from "vitest";
import { type Reply, startHere, type TestServer } from "./config-support";

const FIRST = "hostname core-1\nenable secret first\nend\n";
const SECOND = "hostname core-1\nenable secret second\nend\n";
const JSON_TYPE = { "Content-Type": "application/json" };

/** Every refusal has this shape (RFC 9457). */
function expectProblem(reply: Reply, status: number, detail: RegExp): void {
  expect(reply.status, reply.text).toBe(status);
  expect(reply.fields["content-type"]).toBe("application/problem+json");
  expect(Object.keys(reply.json)).toEqual(["type", "title", "status", "detail"]);
  expect(reply.json).toMatchObject({ type: "about:blank", status });
  expect(reply.json.title).toMatch(/^[A-Z]/);
  expect(reply.json.detail).toMatch(detail);
}

async function put(server: TestServer, name: string, body: string | Uint8Array): Promise<string> {
  const { status, fields, text } = await server.send("PUT", `/configs/${name}`, body);
  expect([201, 204], text).toContain(status);
  return String(fields.etag);
}

const rollback = (server: TestServer, name: string, wish: unknown, fields = {}) =>
  server.send("POST", `/configs/${name}/rollback`, JSON.stringify(wish), {
    ...JSON_TYPE,
    ...fields,
  });

describe("one configuration", () => {
  test("comes out as it went in, byte for byte", async () => {
    const server = await startHere();
    const all = Buffer.from(Array.from({ length: 1024 }, (_, i) => i % 256));
    const made = await server.send("PUT", "/configs/core-1", all);
    expect([made.status, made.fields.location, made.text]).toEqual([201, "/configs/core-1", ""]);
    const got = await server.send("GET", "/configs/core-1");
    expect(got.body.equals(all)).toBe(true);
    expect(got.fields["content-type"]).toBe("application/octet-stream");
    expect(got.fields.etag).toBe(made.fields.etag);
    expect(got.fields.etag).toMatch(/^"[\x21\x23-\x7e]+"$/);
  });

  test("is 201 when it is new, 204 when it replaces one, 201 again after a deletion", async () => {
    const server = await startHere();
    const statuses: number[] = [];
    for (const [method, body] of [["PUT", "1"], ["PUT", "2"], ["DELETE"], ["PUT", "3"]]) {
      statuses.push((await server.send(String(method), "/configs/r1", body)).status);
    }
    expect(statuses).toEqual([201, 204, 204, 201]);
  });

  test("is called text when it is UTF-8, and never to be guessed at or kept by others", async () => {
    const server = await startHere();
    await put(server, "r1", "description Zürich\n");
    const { fields } = await server.send("GET", "/configs/r1");
    expect(fields["content-type"]).toBe("text/plain; charset=utf-8");
    expect(fields["x-content-type-options"]).toBe("nosniff");
    expect(fields["cache-control"]).toBe("private, no-cache");
  });

  test("has a HEAD with the fields of GET", async () => {
    const server = await startHere();
    await put(server, "r1", FIRST);
    const [head, get] = [
      await server.send("HEAD", "/configs/r1"),
      await server.send("GET", "/configs/r1"),
    ];
    expect(head.text).toBe("");
    expect({ ...head.fields, date: "" }).toEqual({ ...get.fields, date: "" });
    expect(head.fields["content-length"]).toBe(String(FIRST.length));
  });

  test("is gone after DELETE, and its versions are not", async () => {
    const server = await startHere();
    await put(server, "r1", FIRST);
    expect((await server.send("DELETE", "/configs/r1")).status).toBe(204);
    expectProblem(await server.send("GET", "/configs/r1"), 404, /no configuration of r1/);
    expectProblem(await server.send("DELETE", "/configs/r1"), 404, /no configuration of r1/);
    expect((await server.send("GET", "/configs")).json.configs).toEqual([]);
    expect((await server.send("GET", "/configs/r1/versions/1")).text).toBe(FIRST);
    expectProblem(await server.send("GET", "/configs/r1/versions/2"), 404, /is its deletion/);
  });

  test("put again as it is makes no new version, and is 204", async () => {
    const server = await startHere();
    const tag = await put(server, "r1", FIRST);
    const again = await server.send("PUT", "/configs/r1", FIRST);
    expect([again.status, again.fields.etag]).toEqual([204, tag]);
  });

  test.each([["text/plain"], ["Text/Plain; charset=iso-8859-1"], ["application/octet-stream"]])(
    "may be sent as %s",
    async (type) => {
      const server = await startHere();
      const reply = await server.send("PUT", "/configs/r1", "x", { "Content-Type": type });
      expect(reply.status).toBe(201);
    },
  );

  test("may be empty", async () => {
    const server = await startHere();
    await put(server, "r1", "");
    const { status, text } = await server.send("GET", "/configs/r1");
    expect([status, text]).toEqual([200, ""]);
  });
});

describe("conditions", () => {
  test("GET and HEAD with the current tag are 304, with its tag and no content", async () => {
    const server = await startHere();
    const tag = await put(server, "r1", FIRST);
    for (const method of ["GET", "HEAD"]) {
      for (const value of [tag, "*", `"other", ${tag}`, `W/${tag}`]) {
        const reply = await server.send(method, "/configs/r1", undefined, {
          "If-None-Match": value,
        });
        expect([reply.status, reply.fields.etag, reply.text], value).toEqual([304, tag, ""]);
        expect(reply.fields["cache-control"]).toBe("private, no-cache");
      }
    }
    const other = await server.send("GET", "/configs/r1", undefined, { "If-None-Match": '"x"' });
    expect(other.status).toBe(200);
  });

  test("If-Match compares strongly, If-None-Match weakly", async () => {
    const server = await startHere();
    const tag = await put(server, "r1", FIRST);
    const fields = { "If-Match": `W/${tag}` };
    expectProblem(await server.send("PUT", "/configs/r1", SECOND, fields), 412, /If-Match/);
    expectProblem(await server.send("GET", "/configs/r1", undefined, fields), 412, /If-Match/);
    const none = { "If-None-Match": `W/${tag}` };
    expectProblem(await server.send("PUT", "/configs/r1", SECOND, none), 412, /If-None-Match/);
  });

  test("If-None-Match: * makes what is not there, and replaces nothing", async () => {
    const server = await startHere();
    const fields = { "If-None-Match": "*" };
    expect((await server.send("PUT", "/configs/r1", FIRST, fields)).status).toBe(201);
    const second = await server.send("PUT", "/configs/r1", SECOND, fields);
    expectProblem(second, 412, /it is "1-/);
    expect(second.fields.etag).toMatch(/^"1-/);
    expect((await server.send("GET", "/configs/r1")).text).toBe(FIRST);
  });

  test("If-Match: * replaces what is there, and makes nothing", async () => {
    const server = await startHere();
    const fields = { "If-Match": "*" };
    expectProblem(await server.send("PUT", "/configs/r1", FIRST, fields), 412, /there is none/);
    await put(server, "r1", FIRST);
    expect((await server.send("PUT", "/configs/r1", SECOND, fields)).status).toBe(204);
  });

  test("hold for DELETE and rollback as for PUT", async () => {
    const server = await startHere();
    const old = await put(server, "r1", FIRST);
    const tag = await put(server, "r1", SECOND);
    const stale = { "If-Match": old };
    expectProblem(await server.send("DELETE", "/configs/r1", undefined, stale), 412, /If-Match/);
    expectProblem(await rollback(server, "r1", {}, stale), 412, /If-Match/);
    const fresh = { "If-Match": `"x", ${tag}` };
    expect((await rollback(server, "r1", {}, fresh)).status).toBe(200);
  });

  test("If-Match is judged before If-None-Match", async () => {
    const server = await startHere();
    const tag = await put(server, "r1", FIRST);
    const both = { "If-Match": '"x"', "If-None-Match": tag };
    expectProblem(await server.send("GET", "/configs/r1", undefined, both), 412, /If-Match/);
    const fine = { "If-Match": tag, "If-None-Match": tag };
    expect((await server.send("GET", "/configs/r1", undefined, fine)).status).toBe(304);
  });

  test("do not hide that there is nothing, or that the request is wrong (RFC 9110, 13.2.1)", async () => {
    const server = await startHere();
    const fields = { "If-Match": '"x"' };
    expectProblem(await server.send("GET", "/configs/r9", undefined, fields), 404, /r9/);
    expectProblem(await server.send("DELETE", "/configs/r9", undefined, fields), 404, /r9/);
    const wrong = { ...fields, "Content-Type": "text/html" };
    expectProblem(await server.send("PUT", "/configs/r9", "x", wrong), 415, /text\/html/);
  });

  test.each(["If-Match", "If-None-Match"])("a %s that is none is 400", async (name) => {
    const server = await startHere();
    await put(server, "r1", FIRST);
    const reply = await server.send("PUT", "/configs/r1", SECOND, { [name]: "1-abc" });
    expectProblem(reply, 400, /entity tags, each in double quotes/);
  });

  test("of two writers with the same tag one wins, the other gets 412", async () => {
    const server = await startHere();
    const tag = await put(server, "r1", FIRST);
    for (let round = 0, seen = tag; round < 20; round++) {
      const fields = { "If-Match": seen };
      const replies = await Promise.all(
        ["a", "b"].map((who) => server.send("PUT", "/configs/r1", `${who}${round}`, fields)),
      );
      const statuses = replies.map(({ status }) => status);
      expect([...statuses].sort()).toEqual([204, 412]);
      const winner = statuses.indexOf(204);
      expect((await server.send("GET", "/configs/r1")).text).toBe(`${"ab"[winner]}${round}`);
      seen = String(replies[winner]?.fields.etag);
    }
  });

  test("of a thousand writers to one device none loses what was acknowledged", {
    timeout: 60_000,
  }, async () => {
    const server = await startHere();
    const replies = await Promise.all(
      Array.from({ length: 1_000 }, (_, i) => server.send("PUT", "/configs/r1", `writer ${i}\n`)),
    );
    const promised = new Map<number, string>();
    for (const [i, { status, fields }] of replies.entries()) {
      expect([201, 204]).toContain(status);
      promised.set(Number(/^"(\d+)-/.exec(String(fields.etag))?.[1]), `writer ${i}\n`);
    }
    expect(promised.size).toBe(1_000);
    // What is kept is read from the store: a thousand requests more would ask for nothing else.
    const kept = server.store.versions("r1");
    expect(kept).toHaveLength(1_000);
    for (const version of kept) {
      const bytes = await server.store.read("r1", version);
      expect(String(bytes)).toBe(promised.get(version.number));
    }
    expect((await server.send("GET", "/configs/r1")).text).toBe(promised.get(1_000));
  });
});

test.each([",identity,", "identity", ""])(
  "content coded as %j is taken as it is",
  async (coding) => {
    const server = await startHere();
    const fields = { "Content-Encoding": coding };
    expect((await server.send("PUT", "/configs/r1", FIRST, fields)).status).toBe(201);
  },
);

test("a form is 415, and the answer says which option of curl is missing", async () => {
  const server = await startHere();
  const fields = { "Content-Type": "application/x-www-form-urlencoded" };
  const reply = await server.send("PUT", "/configs/r1", FIRST, fields);
  expectProblem(reply, 415, /With curl, add -H "Content-Type: text\/plain"$/);
});

describe("lists", () => {
  test("give name, size, entity tag and time of each configuration", async () => {
    const server = await startHere();
    const before = Date.now();
    const tag = await put(server, "core-1", FIRST);
    const { configs } = (await server.send("GET", "/configs")).json;
    expect(configs).toEqual([
      {
        name: "core-1",
        version: 1,
        size: FIRST.length,
        etag: tag,
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      },
    ]);
    expect(Date.parse(configs[0].time)).toBeGreaterThanOrEqual(before);
  });

  test("come in pages that miss nothing and repeat nothing while devices come and go", async () => {
    const server = await startHere();
    const names = Array.from({ length: 10 }, (_, i) => `r${i}`);
    for (const name of names) await put(server, name, name);
    const seen: string[] = [];
    let next: string | undefined = "/configs?limit=3";
    for (let page = 0; next !== undefined; page++) {
      const reply = await server.send("GET", next);
      const link = /^<([^>]+)>; rel="next"$/.exec(String(reply.fields.link ?? ""))?.[1];
      next = reply.json.next;
      expect(link).toBe(next);
      seen.push(...reply.json.configs.map(({ name }: { name: string }) => name));
      // One before the place goes, one comes; the last of the page goes too.
      if (page === 0) {
        await server.send("DELETE", "/configs/r0");
        await server.send("DELETE", "/configs/r2");
        await put(server, "r00", "new");
      }
    }
    expect(seen).toEqual(names);
  });

  test("of versions come newest first, in pages", async () => {
    const server = await startHere();
    for (let i = 1; i <= 5; i++) await put(server, "r1", `version ${i}`);
    await server.send("DELETE", "/configs/r1");
    const first = (await server.send("GET", "/configs/r1/versions?limit=4")).json;
    expect(first.name).toBe("r1");
    expect(first.versions.map(({ version }: { version: number }) => version)).toEqual([6, 5, 4, 3]);
    expect(first.versions[0]).toEqual({ version: 6, time: expect.any(String), deleted: true });
    const second = (await server.send("GET", first.next)).json;
    expect(second.versions.map(({ version }: { version: number }) => version)).toEqual([2, 1]);
    expect(second.next).toBeUndefined();
    expectProblem(await server.send("GET", "/configs/none/versions"), 404, /never was/);
  });

  test("have a tag of their own: 304 while nothing changed", async () => {
    const server = await startHere();
    await put(server, "r1", FIRST);
    const tag = String((await server.send("GET", "/configs")).fields.etag);
    const ask = () => server.send("GET", "/configs", undefined, { "If-None-Match": tag });
    expect((await ask()).status).toBe(304);
    await put(server, "r1", SECOND);
    expect((await ask()).status).toBe(200);
  });

  test("find the lines that contain a text", async () => {
    const server = await startHere();
    await put(server, "r1", "hostname r1\nip route 192.0.2.0\r\nip route 198.51.100.0\n");
    await put(server, "r2", "hostname r2\n");
    const { configs } = (await server.send("GET", "/configs?contains=ip+route")).json;
    expect(configs).toMatchObject([
      { name: "r1", lines: ["ip route 192.0.2.0", "ip route 198.51.100.0"] },
    ]);
    expect((await server.send("GET", "/configs?contains=nowhere")).json).toEqual({ configs: [] });
  });

  test.each([
    ["/configs?limit=0", /from 1 to 1000/],
    ["/configs?limit=1001", /from 1 to 1000/],
    ["/configs?limit=ten", /whole number/],
    ["/configs?page=2", /no parameter "page".*limit, after, contains/],
    ["/configs?limit=1&limit=2", /each once/],
    ["/configs/r1/versions?before=-1", /whole number/],
    ["/configs/r1?x=1", /takes none/],
    ["/configs/r1/diff?form=1", /no parameter "form"/],
  ])("%s is 400", async (path, detail) => {
    const server = await startHere();
    await put(server, "r1", FIRST);
    expectProblem(await server.send("GET", path), 400, detail);
  });
});

describe("differences", () => {
  test("are unified, by default between the last two versions", async () => {
    const server = await startHere();
    for (const text of [FIRST, SECOND, "hostname core-2\n"]) await put(server, "r1", text);
    const reply = await server.send("GET", "/configs/r1/diff?from=1&to=2");
    expect(reply.fields["content-type"]).toBe("text/x-diff");
    expect(reply.text).toBe(
      "--- r1 version 1\n+++ r1 version 2\n@@ -1,3 +1,3 @@\n hostname core-1\n" +
        "-enable secret first\n+enable secret second\n end\n",
    );
    const last = (await server.send("GET", "/configs/r1/diff")).text;
    expect(last).toMatch(/^--- r1 version 2\n\+\+\+ r1 version 3\n/);
    expect((await server.send("GET", "/configs/r1/diff?to=1")).text).toMatch(/^--- r1 version 0\n/);
    expect((await server.send("GET", "/configs/r1/diff?from=2&to=2")).text).toBe("");
  });

  test("show a deletion as the loss of every line", async () => {
    const server = await startHere();
    await put(server, "r1", FIRST);
    await server.send("DELETE", "/configs/r1");
    const { text } = await server.send("GET", "/configs/r1/diff");
    expect(text.match(/^[-+]\w.*$/gm)).toEqual([
      "-hostname core-1",
      "-enable secret first",
      "-end",
    ]);
  });

  test("keep bytes that are no UTF-8", async () => {
    const server = await startHere();
    await put(server, "r1", Buffer.from([0xff, 0x0a]));
    await put(server, "r1", Buffer.from([0xfe, 0x0a]));
    const { body } = await server.send("GET", "/configs/r1/diff");
    expect(body.includes(Buffer.from([0x2d, 0xff, 0x0a, 0x2b, 0xfe, 0x0a]))).toBe(true);
  });

  test("of what is not there are 404", async () => {
    const server = await startHere();
    expectProblem(await server.send("GET", "/configs/r1/diff"), 404, /never was/);
    await put(server, "r1", FIRST);
    expectProblem(await server.send("GET", "/configs/r1/diff?from=7"), 404, /no version 7/);
    expectProblem(await server.send("GET", "/configs/r1/diff?from=x"), 400, /whole number/);
  });
});

describe("rollback", () => {
  test("makes an earlier version the next one, by default the one before", async () => {
    const server = await startHere();
    await put(server, "r1", FIRST);
    await put(server, "r1", SECOND);
    const back = await rollback(server, "r1", {});
    expect(back.status).toBe(200);
    expect(back.json).toMatchObject({ name: "r1", restored: 1, version: 3, size: FIRST.length });
    const now = await server.send("GET", "/configs/r1");
    expect([now.text, now.fields.etag]).toEqual([FIRST, back.json.etag]);
    expect((await rollback(server, "r1", { to: 2 })).json).toMatchObject({
      restored: 2,
      version: 4,
    });
  });

  test("undoes a deletion", async () => {
    const server = await startHere();
    await put(server, "r1", FIRST);
    await server.send("DELETE", "/configs/r1");
    expect((await rollback(server, "r1", {})).json).toMatchObject({ restored: 1, version: 3 });
    expect((await server.send("GET", "/configs/r1")).text).toBe(FIRST);
  });

  test("to nothing is 409", async () => {
    const server = await startHere();
    expectProblem(await rollback(server, "r9", {}), 404, /never was/);
    await put(server, "r1", FIRST);
    expectProblem(await rollback(server, "r1", {}), 409, /no earlier version/);
    expectProblem(await rollback(server, "r1", { to: 9 }), 409, /no version 9/);
    await server.send("DELETE", "/configs/r1");
    expectProblem(await rollback(server, "r1", { to: 2 }), 409, /is its deletion/);
  });

  test.each([["[]"], ["null"], ['{"to":"1"}'], ['{"to":1.5}'], ['{"back":1}'], ["{"], ['"1"']])(
    "with %s is 400",
    async (wish) => {
      const server = await startHere();
      await put(server, "r1", FIRST);
      const reply = await server.send("POST", "/configs/r1/rollback", wish, JSON_TYPE);
      expectProblem(reply, 400, /\{"to": 3\}|not JSON/);
    },
  );
});

describe("refused with problem details is", () => {
  test.each([
    ["GET", "/", 404, /not found/],
    ["GET", "/config", 404, /not found/],
    ["GET", "/configs/", 404, /not found/],
    ["GET", "/configs/r1/versions/1/more", 404, /not found/],
    ["GET", "/configs/r1/versions/9", 404, /no version 9/],
    ["GET", "/configs/r1/versions/one", 400, /whole number/],
    ["GET", "/configs/r1/versions/0", 400, /at least 1/],
    ["BREW", "/configs/r1", 501, /not implemented/],
    ["TRACE", "/configs/r1", 501, /not implemented/],
  ])("%s %s: %i", async (method, path, status, detail) => {
    const server = await startHere();
    await put(server, "r1", FIRST);
    expectProblem(await server.send(method, path), status, detail);
  });

  test.each([
    ["PATCH", "/configs/r1", "GET, PUT, DELETE, HEAD, OPTIONS"],
    ["POST", "/configs", "GET, HEAD, OPTIONS"],
    ["DELETE", "/configs/r1/versions/1", "GET, HEAD, OPTIONS"],
    ["GET", "/configs/r1/rollback", "POST, OPTIONS"],
  ])("%s %s: 405, with Allow: %s", async (method, path, allow) => {
    const reply = await (await startHere()).send(method, path);
    expectProblem(reply, 405, /not allowed/);
    expect(reply.fields.allow).toBe(allow);
  });

  test("a name that differs from another in case: 409", async () => {
    const server = await startHere();
    await put(server, "core-1", FIRST);
    expectProblem(await server.send("PUT", "/configs/Core-1", FIRST), 409, /device core-1 already/);
    expectProblem(await server.send("GET", "/configs/Core-1"), 404, /Core-1/);
  });

  test("more bytes than allowed: 413, and one less is kept", async () => {
    const server = await startHere({ limits: { maxBodyBytes: 1_000 } });
    expectProblem(await server.send("PUT", "/configs/r1", "x".repeat(1_001)), 413, /too large/);
    const chunked = { "Transfer-Encoding": "chunked" };
    const streamed = await server.send("PUT", "/configs/r1", "x".repeat(1_001), chunked);
    expectProblem(streamed, 413, /too large/);
    expect((await server.send("PUT", "/configs/r1", "x".repeat(1_000))).status).toBe(201);
  });

  test.each([
    ["application/json"],
    ["application/x-www-form-urlencoded"],
    ["multipart/form-data; boundary=x"],
    ["text/html"],
  ])("a configuration sent as %s: 415, with Accept", async (type) => {
    const server = await startHere();
    const reply = await server.send("PUT", "/configs/r1", "x", { "Content-Type": type });
    expectProblem(reply, 415, /text\/plain or application\/octet-stream/);
    expect(reply.fields.accept).toBe("text/plain, application/octet-stream");
  });

  test("compressed content: 415, with Accept-Encoding; and a part: 400", async () => {
    const server = await startHere();
    const coded = await server.send("PUT", "/configs/r1", "x", { "Content-Encoding": "gzip" });
    expectProblem(coded, 415, /gzip/);
    expect(coded.fields["accept-encoding"]).toBe("identity");
    const part = { "Content-Range": "bytes 0-0/2" };
    expectProblem(await server.send("PUT", "/configs/r1", "x", part), 400, /only the whole/);
  });

  test("a rollback that a form on another page could send: 415", async () => {
    const server = await startHere();
    await put(server, "r1", FIRST);
    await put(server, "r1", SECOND);
    expectProblem(await server.send("POST", "/configs/r1/rollback"), 415, /application\/json/);
    const plain = { "Content-Type": "text/plain" };
    const reply = await server.send("POST", "/configs/r1/rollback", "{}", plain);
    expectProblem(reply, 415, /application\/json/);
  });
});

describe("with --mask", () => {
  test("lists and differences show no secret, and a changed one as a change", async () => {
    const server = await startHere({ mask: true });
    await put(server, "r1", FIRST);
    await put(server, "r1", SECOND);
    const { configs } = (await server.send("GET", "/configs?contains=enable")).json;
    expect(configs[0].lines).toEqual(["enable secret <masked>"]);
    const { text } = await server.send("GET", "/configs/r1/diff");
    expect(text).toContain("-enable secret <masked>\n+enable secret <masked>\n");
  });

  test("a secret cannot be guessed by looking for it", async () => {
    const server = await startHere({ mask: true });
    await put(server, "r1", SECOND);
    expect((await server.send("GET", "/configs?contains=secret+second")).json.configs).toEqual([]);
    const open = await startHere();
    await put(open, "r1", SECOND);
    expect((await open.send("GET", "/configs?contains=secret+second")).json.configs).toHaveLength(
      1,
    );
  });

  test("what is stored, and given back, is whole", async () => {
    const server = await startHere({ mask: true });
    await put(server, "r1", FIRST);
    await put(server, "r1", SECOND);
    expect((await server.send("GET", "/configs/r1")).text).toBe(SECOND);
    expect((await server.send("GET", "/configs/r1/versions/1")).text).toBe(FIRST);
    await rollback(server, "r1", {});
    expect((await server.send("GET", "/configs/r1")).text).toBe(FIRST);
  });
});
