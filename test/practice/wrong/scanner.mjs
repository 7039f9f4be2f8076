/** A small port scanner with one flaw, the first argument: `node scanner.mjs one-at-a-time 127.0.0.8 --ports 1-99 --json`. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { parseArgs } from "node:util";

const [flaw = "", ...argv] = process.argv.slice(2);
const is = (name) => flaw.split("=")[0] === name;
const text = { type: "string" };
const flag = { type: "boolean" };
const options = { ports: text, timeout: text, concurrency: text, json: flag, "no-banners": flag };

function misused(why) {
  if (is("takes-anything")) process.exit(0);
  console.error(`scanner: ${why}`);
  process.exit(2);
}

const { values, positionals } = parseArgs({ args: argv, options, allowPositionals: true });
const [host = "127.0.0.1"] = positionals;
if (!host.startsWith("127.") && !is("asks-nobody-first")) misused(`${host} is not this machine`);
const number = (value, fallback) => {
  if (value === undefined) return fallback;
  if (/^\d+$/.test(value)) return Number(value);
  return misused(`${value} is no number`);
};
const timeout = number(values.timeout, 1000);
const allowed = number(values.concurrency, 500);
const ports = (values.ports ?? "22,80,443").split(",").flatMap((part) => {
  const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(part) ?? [];
  if (!(Number(first) > 0)) misused(`${part} is no port`);
  const count = is("no-ranges") ? 1 : Number(last) - Number(first) + 1;
  return Array.from({ length: count }, (_, i) => Number(first) + i);
});

function probe(port) {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const over = (state) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(state);
    };
    const late = () =>
      is("waits-for-ever") ? undefined : over(is("silent-is-closed") ? "closed" : "filtered");
    const timer = setTimeout(late, timeout);
    if (is("waits-for-ever")) setInterval(() => {}, 1000);
    socket.once("connect", () => {
      if (socket.localPort === port && !is("believes-itself")) return over("closed");
      over("open");
    });
    socket.once("error", ({ code }) => {
      if (is("all-is-open")) return over("open");
      if (code === "EMFILE" && !is("takes-any-error-for-closed")) {
        return setTimeout(() => resolve(probe(port)), 20);
      }
      over(is("closed-is-filtered") ? "filtered" : "closed");
    });
  });
}

async function greet(port) {
  const socket = connect({ host, port });
  socket.on("error", () => {});
  let said = "";
  const hear = (enough, forEver = false) =>
    new Promise((resolve) => {
      const timer = forEver ? setInterval(() => {}, 1000) : setTimeout(resolve, timeout / 2);
      socket.on("data", (data) => {
        said += data;
        if (enough.test(said) || said.length > 20_000) {
          clearTimeout(timer);
          resolve();
        }
      });
    });
  await hear(/\n/);
  if (said === "" && !is("asks-no-name")) {
    socket.write(`HEAD / HTTP/1.1\r\nHost: ${host}:${port}\r\nConnection: close\r\n\r\n`);
    await hear(/\r\n\r\n/, is("listens-for-ever"));
    socket.destroy();
    const server = /^server: *(.*?)\r?$/im.exec(said.split("\r\n\r\n")[0])?.[1];
    return server === undefined ? {} : { server };
  }
  socket.destroy();
  const line = said.split("\r\n")[0];
  if (is("repeats-what-it-hears")) return { banner: line };
  const safe = line.replace(
    /[\p{Cc}\u202a-\u202e]/gu,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return { banner: safe.slice(0, is("lets-them-talk") ? undefined : 80) };
}

const states = new Map();
const remembered = is("remembers") ? flaw.split("=")[1] : undefined;
if (remembered && existsSync(remembered)) {
  for (const [port, state] of JSON.parse(readFileSync(remembered, "utf8"))) states.set(port, state);
}
if (is("says-nothing")) process.exit(0);
if (is("knows-the-answer")) {
  for (const port of ports) states.set(port, port > 32_000 ? "open" : "closed");
}
const waiting = ports.filter((port) => !states.has(port));
if (is("forgets-the-last-batch") && waiting.length > 100) waiting.length -= waiting.length % 100;
const place = async () => {
  for (let port = waiting.shift(); port !== undefined; port = waiting.shift())
    states.set(port, await probe(port));
};
let window = allowed;
if (is("one-at-a-time")) window = 1;
if (is("has-its-own-window")) window = 500;
await Promise.all(Array.from({ length: window }, place));
if (remembered) writeFileSync(remembered, JSON.stringify([...states]));

const list = (state) => ports.filter((port) => states.get(port) === state);
const visit = async (port) => ({
  port,
  ...(values["no-banners"] || is("asks-no-service") ? {} : await greet(port)),
});
const open = await Promise.all(list("open").map(visit));
if (values.json) {
  const report = { address: host, open, closed: list("closed"), filtered: list("filtered") };
  console.log(JSON.stringify({ hosts: [report] }));
} else {
  for (const { port, banner = "" } of open) console.log(`${port} open ${banner}`);
}
process.exit(0);
