import { describe, expect, it } from "vitest";
import { json, response } from "../../src/http/response";
import { routes } from "../../src/http/router";
import { ask, closeAfterEach, get, start } from "./support/servers";

closeAfterEach();

const handler = routes({
  "GET /": () => response(200, "root"),
  "GET /configs": () => response(200, "list"),
  "GET /configs/{device}": (_, { device }) => json(200, device),
  "PUT /configs/{device}": (_, { device }) => response(201, device),
  "GET /configs/all": () => response(200, "all"),
  "GET /configs/{device}/versions/{n}": (_, parameters) => json(200, parameters),
});

const request = (method: string, path: string) => get(path).replace("GET", method);

describe("routes", () => {
  it("pick by method and path, and hand over what stands in place of {names}, decoded", async () => {
    const server = await start(handler);
    const bodyOf = async (path: string) => (await ask(server, get(path))).body;
    expect(await bodyOf("/")).toBe("root");
    expect(await bodyOf("/?query")).toBe("root");
    expect(await bodyOf("/configs")).toBe("list");
    expect(await bodyOf("/configs/all")).toBe("all");
    expect(await bodyOf("/configs/a%20b%2F..")).toBe('"a b/.."\n');
    expect(JSON.parse(await bodyOf("/configs/r1/versions/2"))).toEqual({ device: "r1", n: "2" });
    expect((await ask(server, request("PUT", "/configs/r1"))).status).toBe(201);
  });

  it("answer 404, 405 with Allow, OPTIONS, and 400 for what is no UTF-8", async () => {
    const server = await start(handler);
    for (const path of [
      "/nowhere",
      "/configs/",
      "/configs//versions/1",
      "/Configs",
      "/configs/a/b",
    ]) {
      expect((await ask(server, get(path))).status, path).toBe(404);
    }
    const wrong = await ask(server, request("DELETE", "/configs/r1"));
    expect(wrong.status).toBe(405);
    expect(wrong.fields.get("allow")).toBe("GET, PUT, HEAD, OPTIONS");
    const options = await ask(server, request("OPTIONS", "/configs/r1"));
    expect([options.status, options.fields.get("allow")]).toEqual([204, "GET, PUT, HEAD, OPTIONS"]);
    expect((await ask(server, get("/configs/%ff"))).status).toBe(400);
    expect((await ask(server, request("HEAD", "/configs"))).fields.get("content-length")).toBe("4");
  });

  it("answer OPTIONS * with the methods of all of them, where it is left to them", async () => {
    const star = "OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    const answer = await ask(await start(handler, {}, { asterisk: true }), star);
    expect([answer.status, answer.fields.get("allow")]).toEqual([200, "GET, PUT, HEAD, OPTIONS"]);
  });

  it("prefer a HEAD route of its own to the GET route", async () => {
    const server = await start(
      routes({
        "GET /x": () => response(200, "four"),
        "HEAD /x": () => response(200, "", { "Content-Length": 4, "X-Own": "yes" }),
      }),
    );
    const own = await ask(server, request("HEAD", "/x"));
    expect([own.status, own.fields.get("x-own")]).toEqual([200, "yes"]);
    expect((await ask(server, get("/x"))).fields.get("x-own")).toBeUndefined();
  });

  it("let the program shape those answers", async () => {
    const server = await start(
      routes({ "GET /": () => response(200) }, (status, { path }, fields) =>
        json(status, { status, path }, fields),
      ),
    );
    expect(JSON.parse((await ask(server, get("/x"))).body)).toEqual({ status: 404, path: "/x" });
    const wrong = await ask(server, request("POST", "/"));
    expect([wrong.status, wrong.fields.get("allow")]).toEqual([405, "GET, HEAD, OPTIONS"]);
  });

  it("must be well-formed, and different", () => {
    const make = (...paths: string[]) =>
      routes(Object.fromEntries(paths.map((path) => [path, () => response(200)])));
    for (const bad of ["/x", "GET", "GET x", "GET /x y", "G T /"]) {
      expect(() => make(bad), bad).toThrow(SyntaxError);
    }
    expect(() => make("GET /{a}", "PUT /{b}")).toThrow("two names");
  });
});
