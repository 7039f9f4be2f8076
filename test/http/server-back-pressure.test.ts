import { describe, expect, it } from "vitest";
import { response } from "../../src/http/response";
import { ask, closeAfterEach, get, open, signal, start } from "./support/servers";

closeAfterEach();

describe("back-pressure", () => {
  it("reaches what makes an answer: it is asked for no more than the client takes", async () => {
    let made = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) {
        made += 65_536;
        yield Buffer.alloc(65_536);
      }
    }
    const server = await start((request) =>
      request.path === "/endless" ? response(200, endless()) : response(200, String(made)),
    );
    const connection = await open(server);
    connection.socket.pause();
    connection.send(get("/endless"));
    // Other requests are the clock: with the sockets' buffers full, no more is made meanwhile.
    let last = -1;
    for (let same = 0; same < 20; same = made > 0 && made === last ? same + 1 : 0) {
      last = made;
      await ask(server, get());
    }
    expect(made).toBeLessThan(64 * 1024 * 1024);
  });

  it("reaches a client that sends: content is read no faster than the handler reads it", async () => {
    const length = 32 * 1024 * 1024;
    const go = signal();
    const server = await start(
      async (request) => {
        if (request.path === "/") return response(200);
        await go.given;
        return response(200, String((await request.bytes()).length));
      },
      { maxBodyBytes: length },
    );
    const connection = await open(server);
    connection.send(`POST /go HTTP/1.1\r\nHost: a\r\nContent-Length: ${length}\r\n\r\n`);
    let taken = false;
    connection.socket.write(Buffer.alloc(length), () => {
      taken = true;
    });
    for (let request = 0; request < 100; request++) await ask(server, get());
    expect(taken).toBe(false);
    go.give();
    expect(await connection.until((text) => text.endsWith(String(length)))).toContain("200 OK");
  });

  it("reaches a client that pipelines and does not read", async () => {
    let handled = 0;
    const server = await start((request) => {
      if (request.path === "/") return response(200);
      handled++;
      return response(200, "x".repeat(10_000));
    });
    const connection = await open(server);
    connection.socket.pause();
    connection.send(get("/pipelined", "").repeat(5_000));
    let last = -1;
    for (let same = 0; same < 20; same = handled > 0 && handled === last ? same + 1 : 0) {
      last = handled;
      await ask(server, get());
    }
    expect(handled).toBeLessThan(2_500);
    connection.socket.resume();
    const whole = 5_000 * 10_000;
    await connection.until((text) => text.length > whole);
    await expect.poll(() => handled, { timeout: 10_000 }).toBe(5_000);
  });
});
