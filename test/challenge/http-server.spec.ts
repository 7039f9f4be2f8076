/**
 * The challenge of Part 6 as a specification. It asks a server over TCP, so it runs against any server, in
 * any language: `SERVER=127.0.0.1:9000 npx vitest run test/challenge`.
 */
import { describe, expect, test } from "vitest";
import { type Address, ANSWER_MAX_MS, type Answer, ask, expectStatus, open } from "./conversation";
import { mutations } from "./mutations";

/** A server under test. Called once for each test; may give the same address every time. */
export type Start = () => Promise<Address> | Address;

export interface SpecOptions {
  /** How long the server waits for a request that does not go on, at most. */
  readonly patienceMs: number;
}

const HOST = "Host: localhost\r\n";
const get = (target: string, fields = "") => `GET ${target} HTTP/1.1\r\n${HOST}${fields}\r\n`;

function expectPage(answer: Answer, parts: Readonly<Record<string, string>>): void {
  expectStatus(answer, 200);
  expect(answer.body, answer.transcript).toContain("<h1>Request Info</h1>");
  for (const [name, value] of Object.entries(parts)) {
    const line = `<p><strong>${name}:</strong> ${value}</p>`;
    expect(answer.body, `the page shows the ${name}${answer.transcript}`).toContain(line);
  }
}

/** What the challenge asks for, in its own words. */
export function describeChallenge(start: Start): void {
  describe("the challenge: the server", () => {
    test("shows the method, the path and the browser of a request", async () => {
      const request = get("/hello", "User-Agent: Mozilla/5.0\r\nAccept: text/html\r\n");
      const answer = await ask(await start(), request);
      expectPage(answer, { Method: "GET", Path: "/hello", Browser: "Mozilla/5.0" });
    });

    test.each(["/", "/hello", "/about"])("answers 200 OK to %s", async (path) => {
      expectPage(await ask(await start(), get(path)), { Path: path });
    });

    test.each(["/nope", "/hello/", "/helloo", "/Hello", "/favicon.ico", "/index.html"])(
      "answers 404 Not Found to %s, with an error page",
      async (path) => {
        const answer = await ask(await start(), get(path));
        expectStatus(answer, 404);
        expect(answer.body).toContain("<h1>404 Not Found</h1>");
        expect(answer.body).toContain("<p>The page you requested does not exist.</p>");
      },
    );

    test("says that its pages are HTML in UTF-8", async () => {
      const address = await start();
      for (const path of ["/hello", "/nope"]) {
        const { fields, transcript } = await ask(address, get(path));
        expect(fields.get("content-type"), transcript).toBe("text/html; charset=utf-8");
      }
    });

    test("shows that a POST is one", async () => {
      const request = `POST /about HTTP/1.1\r\n${HOST}Content-Length: 8\r\n\r\nname=Ada`;
      expectPage(await ask(await start(), request), { Method: "POST", Path: "/about" });
    });

    test.each(["user-agent: lynx", "USER-AGENT:lynx", "User-Agent: \t lynx \t"])(
      "finds the user agent in %j",
      async (field) => {
        expectPage(await ask(await start(), get("/", `${field}\r\n`)), { Browser: "lynx" });
      },
    );

    test("answers a request without a user agent too", async () => {
      expectPage(await ask(await start(), get("/")), { Method: "GET" });
    });

    test("serves one request after the other", async () => {
      const address = await start();
      for (let i = 0; i < 30; i++) {
        const answer = await ask(address, get(i % 2 ? "/hello" : "/nope"));
        expectStatus(answer, i % 2 ? 200 : 404, `request ${i + 1}`);
      }
    });

    test("waits for the rest of a request that arrives in pieces", async () => {
      const request = get("/hello", "User-Agent: Mozilla/5.0\r\n");
      const cuts = Array.from({ length: request.length - 1 }, (_, i) => i + 1);
      expectPage(await ask(await start(), request, { cuts }), { Browser: "Mozilla/5.0" });
    });
  });
}

/** What makes it safe to leave running. */
export function describeSafety(start: Start, { patienceMs }: SpecOptions): void {
  describe("safe as it stands: the server", () => {
    const SCRIPT = "<script>alert(1)</script>";

    test.each([
      ["the user agent", get("/hello", `User-Agent: ${SCRIPT}\r\n`)],
      ["an attribute's quotes", get("/hello", `User-Agent: "><img src=x onerror='${SCRIPT}'>\r\n`)],
      ["the query", get(`/hello?q=${SCRIPT}`)],
      ["an encoded query", get(`/hello?q=${encodeURIComponent(SCRIPT)}`)],
      ["the path", get(`/${SCRIPT}`)],
      ["an encoded path", get(`/${encodeURIComponent(SCRIPT)}`)],
      ["the method", `${SCRIPT} / HTTP/1.1\r\n${HOST}\r\n`],
      ["the version", `GET / ${SCRIPT}\r\n${HOST}\r\n`],
      ["the host", `GET / HTTP/1.1\r\nHost: ${SCRIPT}\r\n\r\n`],
      ["a field's name", get("/", `${SCRIPT}: x\r\n`)],
    ])("never lets markup in %s into a page", async (_where, request) => {
      const answer = await ask(await start(), request);
      expect(answer.status, answer.transcript).toBeGreaterThanOrEqual(200);
      expect(answer.body, answer.transcript).not.toMatch(/<script|<img/i);
    });

    test("shows markup in the user agent as the text that it is", async () => {
      const answer = await ask(await start(), get("/", "User-Agent: <b>&\r\n"));
      expectPage(answer, { Browser: "&lt;b&gt;&amp;" });
    });

    test.each([
      ["words", "What is the time?\r\n\r\n"],
      ["a line without a version", `GET /hello\r\n${HOST}\r\n`],
      ["two spaces", `GET  /hello HTTP/1.1\r\n${HOST}\r\n`],
      ["a space in the path", `GET /hello world HTTP/1.1\r\n${HOST}\r\n`],
      ["a method that is no token", `G(T / HTTP/1.1\r\n${HOST}\r\n`],
      ["a control byte in the path", `GET /he\x00llo HTTP/1.1\r\n${HOST}\r\n`],
      ["a path without its slash", `GET hello HTTP/1.1\r\n${HOST}\r\n`],
      ["a version that is none", `GET / HTTP/one\r\n${HOST}\r\n`],
      ["TLS", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"],
      ["a field without a colon", get("/", "User-Agent\r\n")],
      ["a field without a name", get("/", ": x\r\n")],
      ["a space before the colon", get("/", "User-Agent : x\r\n")],
      ["a field that goes on in the next line", get("/", "User-Agent: a\r\n b\r\n")],
      ["a control byte in a field", get("/", "User-Agent: a\x07b\r\n")],
      ["a bare CR in a field", get("/", "User-Agent: a\rX: b\r\n")],
      ["HTTP/1.1 without Host", "GET / HTTP/1.1\r\n\r\n"],
      ["two Hosts", get("/", "Host: example.com\r\n")],
      ["a % followed by nonsense", get("/%zz")],
      ["a % at the end", get("/hello%")],
      ["bytes that are not UTF-8", get("/%ff")],
      ["a length that is no number", get("/", "Content-Length: five\r\n")],
      ["a negative length", get("/", "Content-Length: -1\r\n")],
      ["a length with a sign", get("/", "Content-Length: +1\r\n")],
      ["two lengths", get("/", "Content-Length: 1\r\nContent-Length: 2\r\n")],
      [
        "both a length and chunks",
        `${get("/", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n")}0\r\n\r\n`,
      ],
      ["a chunk without a size", `${get("/", "Transfer-Encoding: chunked\r\n")}hello\r\n0\r\n\r\n`],
      [
        "a chunk that is too long",
        `${get("/", "Transfer-Encoding: chunked\r\n")}1\r\nab\r\n0\r\n\r\n`,
      ],
    ])("answers 400 Bad Request to %s", async (_what, request) => {
      expectStatus(await ask(await start(), request), 400);
    });

    test.each([
      ["its request line", "GET /hel"],
      ["its fields", "GET /hello HTTP/1.1\r\nHost: local"],
      ["its body", `POST / HTTP/1.1\r\n${HOST}Content-Length: 10\r\n\r\nhello`],
    ])("answers 400 to a client that ends in the middle of %s", async (_where, request) => {
      expectStatus(await ask(await start(), request, { end: true }), 400);
    });

    test("answers 505 to another major version", async () => {
      expectStatus(await ask(await start(), `GET / HTTP/2.0\r\n${HOST}\r\n`), 505);
    });

    const MEBIBYTE = 1024 * 1024;
    test.each([
      [414, "path", `GET /${"x".repeat(MEBIBYTE)} HTTP/1.1\r\n${HOST}\r\n`],
      [431, "field", get("/", `X: ${"x".repeat(MEBIBYTE)}\r\n`)],
      [431, "short fields", get("/", "X: y\r\n".repeat(MEBIBYTE / 6))],
      [
        413,
        "body",
        `POST / HTTP/1.1\r\n${HOST}Content-Length: ${MEBIBYTE}\r\n\r\n${"x".repeat(MEBIBYTE)}`,
      ],
      [
        413,
        "body in chunks",
        `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n${`1000\r\n${"x".repeat(4096)}\r\n`.repeat(256)}0\r\n\r\n`,
      ],
    ])("answers %i to a mebibyte of %s", async (status, _what, request) => {
      expectStatus(await ask(await start(), request), status);
    });

    test("answers 413 before the body is sent, if its length is known", async () => {
      const request = `POST / HTTP/1.1\r\n${HOST}Content-Length: 9999999999\r\n\r\n`;
      expectStatus(await ask(await start(), request), 413);
    });

    test("takes no length that its numbers cannot hold", async () => {
      const request = `POST / HTTP/1.1\r\n${HOST}Content-Length: 99999999999999999999\r\n\r\n`;
      const answer = await ask(await start(), request);
      expect([400, 413], answer.transcript).toContain(answer.status);
    });

    test.each(["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])(
      "answers 405 to %s, and says what it allows",
      async (method) => {
        const answer = await ask(await start(), `${method} /hello HTTP/1.1\r\n${HOST}\r\n`);
        expectStatus(answer, 405);
        expect(answer.fields.get("allow"), answer.transcript).toMatch(/\bGET\b/);
      },
    );

    test("answers 501 to a method that nobody knows", async () => {
      expectStatus(await ask(await start(), `BREW /hello HTTP/1.1\r\n${HOST}\r\n`), 501);
    });

    test("answers 501 to a transfer coding that it does not know", async () => {
      expectStatus(await ask(await start(), get("/", "Transfer-Encoding: gzip, chunked\r\n")), 501);
    });

    test("takes no request whose end its transfer coding does not tell", async () => {
      const answer = await ask(await start(), get("/", "Transfer-Encoding: gzip\r\n"));
      // RFC 9112, 6.3 asks for 400; 6.1 for 501, by a server that does not know the coding.
      expect([400, 501], answer.transcript).toContain(answer.status);
    });

    test(
      "answers 408 to a client that begins and does not go on",
      async () => {
        const options = { timeoutMs: patienceMs + 5_000 };
        expectStatus(await ask(await start(), "GET /hello HT", options), 408);
      },
      patienceMs + 20_000,
    );

    test.each(["/hello", "/nope"])("answers HEAD %s with the head of a GET", async (path) => {
      const address = await start();
      const whole = await ask(address, get(path));
      const request = `HEAD ${path} HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`;
      const head = await ask(address, request, { end: true });
      expectStatus(head, whole.status);
      expect(head.body, head.transcript).toBe("");
      expect(head.fields.get("content-length")).toBe(whole.fields.get("content-length"));
      expect(head.fields.get("content-type")).toBe(whole.fields.get("content-type"));
    });

    test("counts the bytes of its body, not the characters", async () => {
      const agent = Buffer.from("Žofka 🦊").toString("latin1");
      const answer = await ask(await start(), get("/hello", `User-Agent: ${agent}\r\n`));
      expectPage(answer, { Browser: "Žofka 🦊" });
      expect(answer.fields.get("content-length")).toBe(String(Buffer.byteLength(answer.body)));
    });

    test("leaves the query out of the path", async () => {
      expectPage(await ask(await start(), get("/hello?name=Ada&x=/nope")), { Path: "/hello" });
    });

    test("decodes the path", async () => {
      expectPage(await ask(await start(), get("/%68ell%6F")), { Path: "/hello" });
    });

    test("understands a target with the whole address in it", async () => {
      expectPage(await ask(await start(), get("http://localhost/about")), { Path: "/about" });
    });

    test("speaks HTTP/1.0, where Host is not needed, and closes", async () => {
      const address = await start();
      expectPage(await ask(address, "GET /hello HTTP/1.0\r\n\r\n"), { Path: "/hello" });
      const { ended } = await untilClosed(address, "GET /hello HTTP/1.0\r\n\r\n");
      expect(ended).toBe(true);
    });

    test("does with the connection what it says", async () => {
      const { text, ended } = await untilClosed(await start(), get("/hello"));
      expect(ended, text).toBe(/^connection: *close\r$/im.test(text));
    });

    test("reads a body in chunks, with a trailer", async () => {
      const chunks = "5;name=x\r\nhello\r\nA\r\n0123456789\r\n0\r\nX-Trailer: y\r\n\r\n";
      const request = `POST /hello HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n${chunks}`;
      expectPage(await ask(await start(), request), { Method: "POST" });
    });

    test("lets a client that asks first go on with its body", async () => {
      const address = await start();
      const client = await open(address);
      const fields = "Expect: 100-continue\r\nContent-Length: 5\r\n";
      client.write(`POST /hello HTTP/1.1\r\n${HOST}${fields}\r\n`);
      await expect.poll(() => String(client.received())).toMatch(/^HTTP\/1\.1 100 /);
      client.write("hello");
      await expect.poll(() => String(client.received())).toContain("HTTP/1.1 200 OK");
      client.destroy();
    });

    test("overlooks an empty line before a request", async () => {
      expectPage(await ask(await start(), `\r\n${get("/hello")}`), { Path: "/hello" });
    });

    test("gives the same answer wherever the request is cut", async () => {
      const address = await start();
      const request = `POST /hello?a=%20 HTTP/1.1\r\n${HOST}User-Agent: é\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n`;
      const { status, body } = await ask(address, request);
      expect(status).toBe(200);
      for (let cut = 1; cut < request.length; cut++) {
        const answer = await ask(address, request, { cuts: [cut] });
        expect({ status: answer.status, body: answer.body }, `cut after ${cut} bytes`).toEqual({
          status,
          body,
        });
      }
    });

    test("keeps nobody waiting for clients that say nothing, or only half", async () => {
      const address = await start();
      const silent = await Promise.all(Array.from({ length: 20 }, () => open(address)));
      for (const [i, client] of silent.entries()) if (i % 2) client.write("GET /hello HT");
      expectPage(await ask(address, get("/hello")), { Path: "/hello" });
      for (const client of silent) client.destroy();
    });

    test("does not delay others for a client that sends a byte a second", async () => {
      const address = await start();
      const slow = await open(address);
      const slowly = get("/hello");
      let sent = 0;
      const drip = setInterval(() => slow.write(slowly[sent++] ?? ""), 1_000);
      slow.write(slowly[sent++] ?? "");
      try {
        for (let i = 0; i < 50; i++) expectStatus(await ask(address, get("/about")), 200);
        expect(sent, "all were answered long before the slow one was done").toBeLessThan(10);
      } finally {
        clearInterval(drip);
        slow.destroy();
      }
    });

    test("survives clients that leave at any moment", async () => {
      const address = await start();
      const request = get("/hello");
      for (let i = 0; i < 40; i++) {
        const client = await open(address);
        client.on("error", () => {});
        client.write(request.slice(0, i % 2 ? i : request.length));
        client.resetAndDestroy();
      }
      expectPage(await ask(address, request), { Path: "/hello" });
    });

    test("survives 500 requests with something wrong in them, and answers in HTTP or not at all", async () => {
      const address = await start();
      const requests = [...mutations(500)];
      const askNext = async () => {
        for (let text = requests.pop(); text !== undefined; text = requests.pop()) {
          const answer = await ask(address, text, { end: true });
          expect(answer.transcript, "an answer, or the end").not.toContain("(waited");
          if (answer.bytes === 0) continue;
          expect(answer.status, answer.transcript).toBeGreaterThanOrEqual(200);
          expect(answer.status, answer.transcript).not.toBe(500);
        }
      };
      await Promise.all(Array.from({ length: 10 }, askNext));
      expectPage(await ask(address, get("/hello")), { Path: "/hello" });
    }, 60_000);
  });
}

/** Sends a request, and when it is answered, another one. Has the server closed instead of answering it? */
async function untilClosed(address: Address, request: string) {
  const client = await open(address);
  const pages = () => String(client.received()).split("</html>").length - 1;
  const ended = new Promise<boolean>((resolve) => {
    client.once("end", () => resolve(true));
    client.once("error", () => resolve(true)); // it closed while the second was on its way
    client.once("close", () => resolve(true));
    client.on("data", () => pages() > 1 && resolve(false));
  });
  client.write(request);
  await expect.poll(pages, { timeout: ANSWER_MAX_MS }).toBe(1);
  client.write(request);
  const result = { text: String(client.received()), ended: await ended };
  client.destroy();
  return result;
}
