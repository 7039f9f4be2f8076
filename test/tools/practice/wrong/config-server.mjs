/** A small configuration server that can have one flaw of many. */
import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import path from "node:path";
import { hunk } from "./hunk.mjs";
import { Refusal } from "./refusal.mjs";

/** Resolves with where it listens, or did, and how to end it. */
export async function start(flaw, { host = "127.0.0.1", port = 0, store, token, mask = false }) {
  const is = (name) => flaw === name;
  // Every change is a line of JSON in one file, which outlives the process; a power cut is not judged.
  mkdirSync(store, { recursive: true });
  const log = path.join(store, "changes.jsonl");
  const devices = new Map();
  const apply = ({ device, content, time }) => {
    const versions = devices.get(device) ?? [];
    versions.push({ bytes: content === null ? null : Buffer.from(content, "base64"), time });
    devices.set(device, versions);
  };
  if (existsSync(log)) {
    for (const line of readFileSync(log, "utf8").split("\n")) {
      try {
        apply(JSON.parse(line));
      } catch {} // the last one was not complete, and not acknowledged
    }
  }
  const file = openSync(log, "a");
  let unwritten = [];
  function keep(device, bytes) {
    const change = {
      device,
      content: bytes?.toString("base64") ?? null,
      time: new Date().toISOString(),
    };
    if (!is("keeps-nothing")) apply(change);
    if (is("keeps-in-memory")) return;
    unwritten.push(`${JSON.stringify(change)}\n`);
    if (is("writes-later") && unwritten.length < 7) return;
    appendFileSync(file, unwritten.join(""));
    unwritten = [];
  }

  const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
  const tagOf = (versions) => {
    if (is("has-one-tag")) return '"1"';
    return `"${versions.length}-${versions.at(-1).time.replace(/\D/g, "")}"`;
  };
  const current = (device) => {
    const versions = devices.get(device);
    return versions?.at(-1)?.bytes ? versions : undefined;
  };
  const found = (device) => {
    const versions = current(device);
    if (!versions) throw new Refusal(404);
    return versions;
  };
  const versionOf = (device, number) => {
    const bytes = devices.get(device)?.[Number(number) - 1]?.bytes;
    if (!bytes) throw new Refusal(404);
    return bytes;
  };
  const names = (value, tag, strong) =>
    value === "*" ||
    value.split(",").some((one) => (strong ? one.trim() : one.trim().replace(/^W\//, "")) === tag);
  const hidden = (line) =>
    mask && !is("shows-secrets") ? line.replace(/(secret ).*/, "$1***") : line;

  /** Throws 412 when the request does not hold; true when a GET need not be answered. */
  function conditions({ method, headers }, versions) {
    const tag = versions && tagOf(versions);
    const match = headers["if-match"];
    if (match && !is("ignores-if-match") && !(tag && names(match, tag, !is("compares-weakly"))))
      throw new Refusal(412);
    const none = headers["if-none-match"];
    if (!none || !tag || !names(none, tag)) return false;
    if (method === "GET" || method === "HEAD") return !is("sends-again");
    if (is("replaces-anyway")) return false;
    throw new Refusal(412);
  }

  function list() {
    const configs = [...devices.keys()].flatMap((name) => {
      const versions = current(name);
      if (!versions) return [];
      return [
        {
          name,
          size: versions.at(-1).bytes.length,
          etag: tagOf(versions),
          time: is("knows-no-time") ? undefined : versions.at(-1).time,
        },
      ];
    });
    return { configs };
  }

  function diff(device, query) {
    const lines = (number) => String(versionOf(device, number)).split("\n").slice(0, -1);
    const [a, b] = [lines(query.get("from")), lines(query.get("to"))];
    return ["--- a", "+++ b", ...(is("shows-both") ? [...a, ...b] : hunk(a, b, hidden)), ""].join(
      "\n",
    );
  }

  function search(word) {
    const configs = list().configs.map(({ name }) => {
      const lines = String(found(name).at(-1).bytes)
        .split("\n")
        .filter((line) => line.includes(word));
      return { name, lines: lines.map(hidden) };
    });
    return { configs };
  }

  let queue = Promise.resolve();
  async function bodyOf(request) {
    const pieces = [];
    for await (const piece of request) pieces.push(piece);
    const bytes = Buffer.concat(pieces);
    return is("keeps-text") ? Buffer.from(String(bytes)) : bytes;
  }

  async function answer(request) {
    const { method } = request;
    const { pathname, searchParams } = new URL(request.url, "http://localhost");
    if (
      token &&
      request.headers.authorization?.replace(/^bearer/i, "Bearer") !== `Bearer ${token}`
    ) {
      const isNear = is("takes-any-token") && request.headers.authorization;
      if (!isNear) throw new Refusal(401, "token", { "WWW-Authenticate": "Bearer" });
    }
    if (is("says-the-same")) return [200, {}, "hello"];
    const [, root, segment, what, number] = pathname.split("/");
    if (root !== "configs") throw new Refusal(404);
    const json = { "Content-Type": "application/json" };
    if (segment === undefined) {
      if (is("lists-nothing")) return [200, json, "[]"];
      return [
        200,
        json,
        JSON.stringify(
          searchParams.has("contains") ? search(searchParams.get("contains")) : list(),
        ),
      ];
    }
    const device = is("has-one-device") ? "it" : decodeURIComponent(segment);
    if (!NAME.test(device)) {
      if (!is("writes-anywhere")) throw new Refusal(400);
      if (method === "PUT") writeFileSync(path.join(store, path.basename(device)), "");
    }
    if (what === "versions") {
      const versions = devices.get(device);
      if (!versions) throw new Refusal(404);
      if (number)
        return [200, {}, versionOf(device, is("knows-the-last-only") ? versions.length : number)];
      return [
        200,
        json,
        JSON.stringify({ versions: versions.map((_, i) => ({ version: i + 1 })) }),
      ];
    }
    if (what === "diff") return [200, {}, diff(device, searchParams)];
    if (what === "rollback") {
      const { to } = JSON.parse(await bodyOf(request));
      if (is("rolls-nothing-back")) return [200, json, "{}"];
      keep(device, versionOf(device, to));
      return [200, json, JSON.stringify({ restored: to, version: devices.get(device).length })];
    }
    if (method === "PUT") {
      if (is("looks-too-early")) conditions(request, current(device));
      const bytes = await bodyOf(request);
      const versions = current(device);
      // Long enough for whoever has seen the same version to look too, however busy the machine.
      const lookedMs = request.headers["if-match"] ? 1_000 : 0;
      if (is("looks-too-early")) await new Promise((resolve) => setTimeout(resolve, lookedMs));
      else conditions(request, versions);
      if (is("drops-some") && devices.get(device)?.length === 5) return [204, {}, ""];
      keep(device, bytes);
      const isNew = !versions && !is("always-204");
      return [
        isNew || is("always-201") ? 201 : 204,
        { ETag: is("keeps-nothing") ? '"x"' : tagOf(devices.get(device)) },
        "",
      ];
    }
    if (method === "DELETE") {
      if (!is("forgets-deletions")) found(device);
      if (is("deletes-versions")) devices.delete(device);
      else keep(device, null);
      return [204, {}, ""];
    }
    if (is("empty-for-nothing") && !current(device)) return [200, {}, ""];
    const versions = found(device);
    const fields = { ETag: tagOf(versions) };
    if (conditions(request, versions)) return [304, fields, ""];
    return [200, { "Content-Type": "text/plain", ...fields }, versions.at(-1).bytes];
  }

  async function respond(request, response) {
    let [status, fields, body] = [500, {}, ""];
    try {
      [status, fields, body] = await answer(request);
    } catch (error) {
      status = error.status ?? 400;
      fields = {
        "Content-Type": is("refuses-in-plain-text") ? "text/plain" : "application/problem+json",
        ...error.fields,
      };
      body = JSON.stringify({ type: "about:blank", status, detail: error.message });
    }
    const length =
      status === 204 || status === 304 ? {} : { "Content-Length": Buffer.byteLength(body) };
    if (is("heads-apart") && request.method === "HEAD") length["Content-Length"] = 0;
    response.writeHead(status, { ...fields, ...length });
    response.end(request.method === "HEAD" ? undefined : body);
  }

  const server = createServer((request, response) => {
    if (!is("one-at-a-time")) return respond(request, response);
    queue = queue.then(() => respond(request, response));
  });
  await new Promise((resolve) => server.listen(Number(port), host, resolve));
  const address = server.address();
  if (is("down")) server.close();
  const stop = () => {
    server.closeAllConnections();
    server.close();
    closeSync(file);
  };
  return { host, port: address.port, stop };
}
