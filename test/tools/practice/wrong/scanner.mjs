/** A small port scanner that can have one flaw of many. Runs in the process of the tests. */
import { connect } from "node:net";
import { parseArgs } from "node:util";

const TEXT = { type: "string" };
const FLAG = { type: "boolean" };
const OPTIONS = { ports: TEXT, timeout: TEXT, concurrency: TEXT, json: FLAG, "no-banners": FLAG };

class Misused extends Error {}

function orders(argv, is) {
  const { values, positionals } = parseArgs({
    args: argv,
    options: OPTIONS,
    allowPositionals: true,
  });
  const misused = (why) => {
    if (!is("takes-anything")) throw new Misused(why);
    return 1;
  };
  const [host = "127.0.0.1"] = positionals;
  if (!host.startsWith("127.") && !is("asks-nobody-first")) misused(`${host} is not this machine`);
  const number = (value) =>
    /^\d+$/.test(value) ? Number(value) : misused(`${value} is no number`);
  const ports = (values.ports ?? "22,80,443").split(",").flatMap((part) => {
    const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(part) ?? [];
    if (!(Number(first) > 0)) misused(`${part} is no port`);
    const count = is("no-ranges") ? 1 : Number(last) - Number(first) + 1;
    return Array.from({ length: count || 0 }, (_, i) => Number(first) + i);
  });
  const timeout = number(values.timeout ?? "1000");
  return { host, ports, timeout, allowed: number(values.concurrency ?? "500"), values };
}

/** What the scanners that remember have seen, by host, in this process. */
const seen = new Map();

/** The `main` of a scanner with this flaw; `none` has none. */
export const scanner =
  (flaw) =>
  async (argv, { stdout, stderr, signal }) => {
    const is = (name) => flaw === name;
    try {
      stdout.write(await report(orders(argv, is), is, signal));
      return 0;
    } catch (error) {
      if (!(error instanceof Misused)) throw error;
      stderr.write(`scanner: ${error.message}\n`);
      return 2;
    }
  };

async function report({ host, ports, timeout, allowed, values }, is, signal) {
  if (is("says-nothing")) return "";
  /** Those who wait for something, and are told when it is all over. */
  const waitingFor = new Set();
  signal.addEventListener("abort", () => {
    for (const giveUp of waitingFor) giveUp();
  });

  function probe(port) {
    return new Promise((resolve) => {
      const socket = connect({ host, port });
      const over = (state) => {
        waitingFor.delete(giveUp);
        clearTimeout(timer);
        socket.destroy();
        resolve(state);
      };
      const giveUp = () => over("closed");
      waitingFor.add(giveUp);
      const late = () => {
        if (!is("waits-for-ever")) over(is("silent-is-closed") ? "closed" : "filtered");
      };
      const timer = setTimeout(late, timeout);
      socket.once("connect", () => over("open"));
      socket.once("error", () =>
        over(is("all-is-open") ? "open" : is("closed-is-filtered") ? "filtered" : "closed"),
      );
    });
  }

  async function greet(port) {
    const socket = connect({ host, port });
    socket.on("error", () => {});
    waitingFor.add(() => socket.destroy());
    let said = "";
    const hear = (enough, forEver = false) =>
      new Promise((resolve) => {
        const timer = forEver ? undefined : setTimeout(resolve, timeout / 2);
        waitingFor.add(resolve);
        socket.on("data", (data) => {
          said += data;
          if (!enough.test(said) && said.length < 20_000) return;
          clearTimeout(timer);
          resolve();
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

  const states = new Map(is("remembers") ? seen.get(host) : []);
  if (is("knows-the-answer"))
    for (const port of ports) states.set(port, port > 32_000 ? "open" : "closed");
  const waiting = ports.filter((port) => !states.has(port));
  if (is("forgets-the-last-batch") && waiting.length > 100) waiting.length -= waiting.length % 100;
  const place = async () => {
    for (
      let port = waiting.shift();
      port !== undefined && !signal.aborted;
      port = waiting.shift()
    ) {
      states.set(port, await probe(port));
    }
  };
  let window = allowed;
  if (is("one-at-a-time")) window = 1;
  if (is("has-its-own-window")) window = 500;
  await Promise.all(Array.from({ length: window }, place));
  if (is("remembers")) seen.set(host, states);

  const list = (state) => ports.filter((port) => states.get(port) === state);
  const isQuiet = values["no-banners"] || is("asks-no-service");
  const open = await Promise.all(
    list("open").map(async (port) => ({ port, ...(isQuiet ? {} : await greet(port)) })),
  );
  if (!values.json) return open.map(({ port, banner = "" }) => `${port} open ${banner}\n`).join("");
  return JSON.stringify({
    hosts: [{ address: host, open, closed: list("closed"), filtered: list("filtered") }],
  });
}
