/** Content that will not be sent is let go, so that what stands behind it is closed. */
import { describe, expect, it } from "vitest";
import { response } from "../../src/http/response";
import { exchange, parseResponses } from "./support/raw-client";
import { closeAfterEach, get, open, signal, start } from "./support/servers";

closeAfterEach();

/** Content in pieces that notes what happens to it. */
function noted() {
  const events: string[] = [];
  const released = signal();
  const body: AsyncIterable<string> = {
    [Symbol.asyncIterator]: () => ({
      next: async () => {
        events.push("next");
        return { done: true, value: undefined };
      },
      return: async () => {
        events.push("return");
        released.give();
        return { done: true, value: undefined };
      },
    }),
  };
  return { body, events, released: released.given };
}

describe("a stream that is not sent is released, and never asked for a piece", () => {
  it.each([
    ["to HEAD", "HEAD", 200, 200],
    ["with 204, which becomes a 500", "GET", 204, 500],
    ["with 304, which becomes a 500", "GET", 304, 500],
    ["with 205, which becomes a 500", "GET", 205, 500],
  ])("%s", async (_, method, status, sent) => {
    const { body, events } = noted();
    const server = await start(() => response(status, body), {}, { onError: () => undefined });
    const request = get().replace("GET", method);
    const text = await exchange(server.local.port, request);
    expect(parseResponses(text, [method === "HEAD"])[0].status).toBe(sent);
    expect(events).toEqual(["return"]);
  });

  it("with fields that cannot be sent", async () => {
    const { body, events } = noted();
    const bad = () => response(200, body, { "a b": "c" });
    const server = await start(bad, {}, { onError: () => undefined });
    expect(await exchange(server.local.port, get())).toMatch(/^HTTP\/1.1 500 /);
    expect(events).toEqual(["return"]);
  });

  it("when the client was gone before it was made", async () => {
    const { body, events, released } = noted();
    const [began, aborted] = [signal(), signal()];
    const server = await start(async (request) => {
      request.signal.addEventListener("abort", aborted.give);
      began.give();
      await aborted.given;
      return response(200, body);
    });
    const connection = await open(server);
    connection.send(get());
    await began.given;
    connection.socket.resetAndDestroy();
    await released;
    expect(events).toEqual(["return"]);
  });

  it("though letting it go fails", async () => {
    for (const fail of [() => Promise.reject(new Error("no")), () => never()]) {
      const body = { [Symbol.asyncIterator]: () => ({ next: fail, return: fail }) };
      const server = await start(() => response(200, body as AsyncIterable<string>));
      const text = await exchange(server.local.port, get().replace("GET", "HEAD"));
      expect(text).toMatch(/^HTTP\/1.1 200 /);
    }
  });
});

function never(): never {
  throw new Error("no");
}
