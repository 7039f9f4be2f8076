/** What a judge's client sends and sees, and how that is shown. */
import { createServer, type Socket } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { plainMarkup } from "../../../src/tools/practice/judges/06-http-server/page";
import { Transcript } from "../../../src/tools/practice/judging/transcript";
import {
  type ReceivedResponse,
  sendRequest,
} from "../../../src/tools/practice/peers/http-exchange";
import { faultIn } from "../../../src/tools/practice/peers/http-faults";
import { open } from "../../../src/tools/practice/peers/tcp-connection";

/** A server that does this with each client. */
async function serverThat(responses: (client: Socket) => void) {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    sockets.add(client);
    client.on("error", () => {});
    responses(client);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { host: "127.0.0.1", port: (server.address() as { port: number }).port };
}

const said = async (text: string, end = true): Promise<ReceivedResponse> => {
  const address = await serverThat((client) => {
    client.once("data", () => (end ? client.end(text) : client.write(text)));
  });
  return sendRequest(address, "GET / HTTP/1.1\r\n\r\n", { timeoutMs: 300 });
};

describe("a transcript", () => {
  it("shows every byte, joins what belongs together, and is bounded", () => {
    const transcript = new Transcript();
    transcript.sent("GET / HT");
    transcript.sent("TP/1.1\r\n\r\n");
    transcript.received(Buffer.from([0x41, 0xff, 0x1b, 0x0a]));
    transcript.received("žluť\t\r");
    transcript.note("the server closed");
    transcript.received("x".repeat(300));
    transcript.sent("a\n".repeat(40));
    const lines = String(transcript).split("\n");
    expect(lines.slice(0, 2)).toEqual(["> GET / HTTP/1.1\\r\\n", "> \\r\\n"]);
    expect(lines[2]).toBe("< Aÿ\\u001b\\n");
    expect(lines[4]).toBe("* the server closed");
    expect(lines[5]).toBe(`< ${"x".repeat(200)}… and 100 more characters`);
    expect(lines.at(-1)).toBe("> … and 10 more lines");
    expect(String(transcript)).not.toContain("\x1b");
  });

  it("tells how a connection ended", async () => {
    const address = await serverThat((client) =>
      client.once("data", () => client.resetAndDestroy()),
    );
    const connection = await open(address);
    onTestFinished(() => connection.close());
    await connection.send("hello");
    await connection.until((_received, ending) => ending !== "open" || undefined);
    expect(connection.ending).toBe("reset");
    expect(String(connection.transcript)).toBe("> hello\n* the connection broke (ECONNRESET)");
  });
});

describe("an answer", () => {
  it("is whole by its length, its chunks, or the server's end; what comes before 200 is passed over", async () => {
    const head = "HTTP/1.1 200 OK\r\n";
    expect(
      await said(`HTTP/1.1 100 Continue\r\n\r\n${head}Content-Length: 2\r\n\r\nhi`, false),
    ).toMatchObject({
      status: 200,
      body: "hi",
      whole: true,
      closed: false,
    });
    expect(
      await said(
        `${head}Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\n\r\n`,
        false,
      ),
    ).toMatchObject({ body: "hello", whole: true });
    expect(await said(`${head}\r\nall of it`)).toMatchObject({ body: "all of it", whole: true });
    expect(await said(`${head}\r\nall of it`, false)).toMatchObject({ whole: false });
    expect(faultIn(await said(`${head}X: a\r\nx: b\r\n\r\n`))).toBeUndefined();
  });

  it.each([
    ["", true, /closed the connection without a word/],
    ["", false, /says nothing/],
    ["<html>", true, /a status line such as HTTP\/1\.1 200 OK\\r\\n first, and got <html>\./],
    ["HTTP/1.1 200 OK\n\n", true, /end with \\n alone/],
    ["HTTP/1.1 OK\r\n\r\n", true, /and got HTTP\/1\.1 OK\\r\\n\./],
    ["HTTP/1.1 200 OK\r\nX: y\r\n<html>", true, /an empty line .* and the server closed before/],
    ["HTTP/1.1 200 OK\r\n\r\nx", false, /the end of the response, and it never comes/],
    [
      "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx",
      true,
      /the 9 bytes that Content-Length announces, and 1 came before the server closed/,
    ],
  ])("that is none is explained: %j", async (text, end, what) => {
    expect(faultIn(await said(text, end))?.what).toMatch(what);
  });
});

it("pages are compared without what they may differ in", () => {
  expect(plainMarkup('<P class="x">\n  <Strong>Path:</STRONG>   /a\n</P>')).toBe(
    plainMarkup("<p><strong>Path:</strong> /a</p>"),
  );
  expect(plainMarkup("<p>/a</p>")).not.toBe(plainMarkup("<p>/b</p>"));
});
