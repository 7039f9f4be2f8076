/** dns_server: what it answers and what it does not, its limits, forwarding and its cache, and the contract of programs. */
import { describe, expect, onTestFinished, test } from "vitest";
import { answering, readZone } from "../../dist/dns_answering";
import { Forwarder } from "../../dist/dns_forward";
import { serveTcp } from "../../dist/dns_serve_tcp";
import { main } from "../../dist/dns_server";
import { decodeMessage } from "../../src/dns/decode";
import { encodeMessage } from "../../src/dns/encode";
import { makeQuery, responseTo } from "../../src/dns/exchange";
import { FrameReader, frame } from "../../src/dns/framing";
import type { Message } from "../../src/dns/message";
import { connect, listen } from "../../src/sockets/tcp";
import { bind } from "../../src/sockets/udp";
import { runHere, serveHere } from "../support/here";
import { spawnProgram, startProgram } from "../support/program";
import { exchange, zoneFile } from "./dns-support";

const serve = async (...more: string[]) =>
  serveHere(main, ["--port", "0", "--zone", await zoneFile("lab.example"), ...more]);

const query = (name: string, type = "A", changes: Partial<Message> = {}) =>
  encodeMessage({ ...makeQuery(4711, name, type, { edns: undefined }), ...changes });

async function ask(port: number, bytes: Uint8Array): Promise<Message> {
  const answer = await exchange(port, bytes);
  if (answer === undefined) throw new Error("no answer");
  return decodeMessage(answer);
}

/** A server that gives the same records to every question, and counts the questions. */
async function startUpstream(answer: (message: Message) => Message | undefined) {
  const socket = await bind({ port: 0 });
  const asked: Message[] = [];
  const serving = (async () => {
    for await (const { data, from } of socket) {
      const message = decodeMessage(data);
      asked.push(message);
      const reply = answer(message);
      if (reply !== undefined) await socket.sendto(encodeMessage(reply), from);
    }
  })();
  onTestFinished(async () => {
    await socket.close();
    await serving;
  });
  return { asked, address: `127.0.0.1:${socket.local.port}`, local: socket.local };
}

const giveAddress = (message: Message, ttl = 60) => {
  const [{ name }] = message.questions;
  return responseTo(message, {
    answers: [{ name, type: "A", class: "IN", ttl, data: "192.0.2.7" }],
  });
};

describe("what a message gets:", () => {
  test("nothing, when it is an answer, or too short for a header", async () => {
    const { port } = await serve();
    const answer = encodeMessage(responseTo(makeQuery(1, "core-1.lab.example", "A")));
    for (const bytes of [answer, answer.subarray(0, 11), Buffer.alloc(0)]) {
      expect(await exchange(port, bytes, 100)).toBeUndefined();
    }
    expect(await ask(port, query("core-1.lab.example"))).toMatchObject({ rcode: "NOERROR" });
  });

  test.each([
    [
      "FORMERR, when it cannot be read",
      Buffer.concat([query("a.lab.example").subarray(0, 12), Buffer.from([0xc0, 12, 0, 1, 0, 1])]),
      "FORMERR",
    ],
    ["FORMERR, without a question", query("lab.example", "A", { questions: [] }), "FORMERR"],
    ["NOTIMP, with another opcode", query("lab.example", "A", { opcode: "UPDATE" }), "NOTIMP"],
    ["REFUSED, for a transfer", query("lab.example", "AXFR"), "REFUSED"],
    ["REFUSED, for a name of others", query("example.org"), "REFUSED"],
  ])("%s", async (_, bytes, rcode) => {
    const answer = await ask((await serve()).port, bytes);
    expect(answer).toMatchObject({ id: 4711, response: true, rcode, answers: [] });
  });

  test("at most 512 bytes without EDNS, and as much as it says with it, up to 1232", async () => {
    const { port } = await serve();
    const edns = (udpSize: number) => ({
      edns: { udpSize, version: 0, dnssecOk: false, options: [] },
    });
    const size = async (changes: Partial<Message>) => {
      const answer = await exchange(port, query("lab.example", "ANY", changes));
      return answer?.length ?? 0;
    };
    expect(await size({})).toBeLessThanOrEqual(512);
    expect((await ask(port, query("many.lab.example", "TXT", edns(65_535)))).truncated).toBe(true);
    expect((await ask(port, query("many.lab.example", "TXT", edns(0)))).truncated).toBe(true);
  });
});

describe("over TCP", () => {
  test("several questions on one connection are answered in order, however they are cut", async () => {
    const { port } = await serve();
    const client = await connect({ port });
    onTestFinished(() => client.close());
    const names = ["core-1", "www", "none", "mail"].map((name) => `${name}.lab.example`);
    const bytes = Buffer.concat(names.map((name) => frame(query(name))));
    for (let at = 0; at < bytes.length; at += 7) await client.send(bytes.subarray(at, at + 7));
    const frames = new FrameReader();
    const answers: Message[] = [];
    while (answers.length < 4)
      answers.push(
        ...frames.push(await client.recv(65_535, { timeout: 5_000 })).map(decodeMessage),
      );
    expect(answers.map(({ questions }) => questions[0].name)).toEqual(
      names.map((name) => `${name}.`),
    );
  });

  test.each([
    ["a length without room for a header", Buffer.from([0, 5])],
    ["an answer", frame(encodeMessage(responseTo(makeQuery(1, "a", "A"))))],
  ])("%s ends the connection, and no other", async (_, bytes) => {
    const { port } = await serve();
    const [bad, good] = [await connect({ port }), await connect({ port })];
    onTestFinished(() => Promise.all([bad.close(), good.close()]).then(() => {}));
    await bad.send(bytes);
    expect(await bad.recv(1, { timeout: 5_000 })).toHaveLength(0);
    await good.send(frame(query("core-1.lab.example")));
    expect((await good.recv(65_535, { timeout: 5_000 })).length).toBeGreaterThan(12);
  });

  test("a client that stops in the middle of a message is closed, however slowly it sends", async () => {
    const zone = await readZone(await zoneFile("lab.example"));
    const server = await listen({ port: 0 });
    const serving = serveTcp(server, answering(zone), 150);
    const client = await connect({ port: server.local.port });
    onTestFinished(async () => {
      await Promise.all([client.close(), server.close()]);
      await serving;
    });
    const ended = client.recv(1, { timeout: 10_000 }).catch((error) => error.code);
    let isOver = false;
    void ended.finally(() => {
      isOver = true;
    });
    // A byte at a time of a message that is never whole: each byte alone would come in time.
    await client.send(Buffer.from([0xff, 0xff]));
    for (let sent = 0; sent < 500 && !isOver; sent++) {
      await client.send("x").catch(() => {});
      await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 20))]);
    }
    expect(isOver).toBe(true);
  });

  test("one client more than a hundred is turned away", async () => {
    const { port } = await serve();
    const clients = await Promise.all(Array.from({ length: 100 }, () => connect({ port })));
    onTestFinished(() => Promise.all(clients.map((client) => client.close())).then(() => {}));
    await clients[99].send(frame(query("core-1.lab.example")));
    await clients[99].recv(65_535, { timeout: 5_000 });
    const late = connect({ port }).then((client) => client.recv(1, { timeout: 5_000 }));
    await expect(late).rejects.toMatchObject({ code: "RESET" });
  });
});

describe("forwarding", () => {
  test("asks once, and remembers for as long as the TTL says", async () => {
    const upstream = await startUpstream((message) => giveAddress(message));
    const { port } = await serve("--upstream", upstream.address);
    for (let i = 0; i < 3; i += 1) {
      const answer = await ask(port, query("EXAMPLE.org"));
      expect(answer).toMatchObject({
        rcode: "NOERROR",
        recursionAvailable: true,
        authoritative: false,
      });
      expect(answer.answers[0].data).toBe("192.0.2.7");
    }
    expect(upstream.asked).toHaveLength(1);
  });

  test("never remembers what has a TTL of 0, and no failures", async () => {
    const upstream = await startUpstream((message) =>
      /^fail/.test(message.questions[0].name)
        ? responseTo(message, { rcode: "SERVFAIL" })
        : giveAddress(message, 0),
    );
    const { port } = await serve("--upstream", upstream.address);
    for (const name of ["a.org", "a.org", "fail.org", "fail.org"]) await ask(port, query(name));
    expect(upstream.asked).toHaveLength(4);
  });

  test("asks for many clients at once with one question", async () => {
    const upstream = await startUpstream((message) => giveAddress(message));
    const forwarder = new Forwarder(upstream.local);
    const answers = await Promise.all(
      Array.from({ length: 50 }, () =>
        forwarder.resolve({ name: "a.org.", type: "A", class: "IN" }),
      ),
    );
    expect(answers.every(({ rcode }) => rcode === "NOERROR")).toBe(true);
    expect(upstream.asked).toHaveLength(1);
  });

  test("uses an id and a port of its own for each question", async () => {
    const upstream = await startUpstream((message) => giveAddress(message, 0));
    const { port } = await serve("--upstream", upstream.address);
    for (let i = 0; i < 8; i += 1) await ask(port, query("a.org"));
    expect(new Set(upstream.asked.map(({ id }) => id)).size).toBeGreaterThan(1);
  });

  test("is for clients that ask for it, and for this machine's alone", async () => {
    const upstream = await startUpstream((message) => giveAddress(message));
    const { port } = await serve("--upstream", upstream.address);
    expect((await ask(port, query("a.org", "A", { recursionDesired: false }))).rcode).toBe(
      "REFUSED",
    );
    const zone = await readZone(await zoneFile("lab.example"));
    const answer = answering(zone, new Forwarder(upstream.local));
    const stranger = await answer(query("a.org"), "192.0.2.9");
    expect(stranger?.reply).toMatchObject({ rcode: "REFUSED", recursionAvailable: false });
    expect((await answer(query("core-1.lab.example"), "192.0.2.9"))?.reply.answers).toHaveLength(1);
    expect(upstream.asked).toHaveLength(0);
  });

  test("goes on where an alias leaves the zone", async () => {
    const upstream = await startUpstream((message) => giveAddress(message));
    const file = await zoneFile("rack.example", [
      "$TTL 60",
      "@ SOA ns1 a 1 2 3 4 5",
      "door CNAME www.org.",
    ]);
    const { port } = await serveHere(main, [
      "--port",
      "0",
      "--zone",
      file,
      "--upstream",
      upstream.address,
    ]);
    const { answers } = await ask(port, query("door.rack.example"));
    expect(answers.map(({ name, data }) => `${name} ${data}`)).toEqual([
      "door.rack.example. www.org.",
      "www.org. 192.0.2.7",
    ]);
  });
});

describe("as a program", () => {
  test("says where it listens, ends cleanly on SIGTERM, and says in one line that its port is in use", async () => {
    const file = await zoneFile("lab.example");
    const { child, firstLine, port } = await startProgram("dns_server", [
      "--port",
      "0",
      "--zone",
      file,
    ]);
    expect(firstLine).toBe(`DNS Server listening on 127.0.0.1:${port}`);
    const second = await spawnProgram("dns_server", ["--port", String(port), "--zone", file]).end();
    expect(second.status).toBe(1);
    expect(second.stderr).toMatch(/^dns_server: bind [^\n]*address already in use[^\n]*\n$/);
    child.kill("SIGTERM");
    expect(await child.end()).toMatchObject({ status: 0, stderr: "" });
  });

  test.each([
    [[], 2, "give --zone, --upstream or both"],
    [["--upstream", "nowhere:0"], 2, "--upstream must be HOST:PORT, not nowhere:0"],
    [["--zone", "/none/lab.zone"], 1, "no such file"],
  ])("%j ends with %i: %s", async (args, status, text) => {
    const end = await runHere(main, [...args, "--port", "0"]).end();
    expect(end.status).toBe(status);
    expect(end.stderr).toContain(text);
  });

  test("names the line of a zone file that is wrong", async () => {
    const file = await zoneFile("lab.example", [
      "$TTL 60",
      "@ SOA ns1 a 1 2 3 4 5",
      "core-1 A 192.0.2.300",
    ]);
    const { status, stderr } = await runHere(main, ["--port", "0", "--zone", file]).end();
    expect(status).toBe(1);
    expect(stderr).toMatch(/^dns_server: \S+lab\.example\.zone: line 3: [^\n]*192\.0\.2\.300\n$/);
  });

  test("takes the zone's name from the file's when the file does not say", async () => {
    const zone = await readZone(await zoneFile("other.example"));
    expect(zone.origin).toBe("other.example.");
    expect(zone.soa.data).toContain("ns1.other.example.");
  });
});
