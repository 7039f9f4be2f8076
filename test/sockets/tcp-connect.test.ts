import { Worker } from "node:worker_threads";
import { describe, expect, it, onTestFinished } from "vitest";
import { connect } from "../../src/sockets/tcp";
import { client, closedPort, failure, failureCode, server } from "./support/connections";

describe("connect", () => {
  it("knows both ends of the connection", async () => {
    const listening = await server();
    const here = await client(listening);
    expect(here.remote).toEqual(listening.local);
    expect(here.local).toMatchObject({ host: "127.0.0.1", family: "IPv4" });
    expect((await listening.accept()).remote).toEqual(here.local);
  });

  it("connects to 127.0.0.1 by default, and to a name", async () => {
    const listening = await server();
    const { port } = listening.local;
    for (const host of [undefined, "localhost"]) {
      const here = await connect({ host, port });
      expect(here.remote).toEqual(listening.local);
      here.reset();
    }
  });

  it("connects from the port that it is told", async () => {
    const listening = await server();
    const localPort = await closedPort();
    const here = await client(listening, { localHost: "127.0.0.1", localPort });
    expect(here.local.port).toBe(localPort);
  });

  it("rejects with REFUSED where no program listens", async () => {
    const port = await closedPort();
    const error = await failure(connect({ port }));
    expect(error).toMatchObject({
      code: "REFUSED",
      systemCode: "ECONNREFUSED",
      syscall: "connect",
    });
    expect(error.message).toBe(`connect 127.0.0.1:${port}: connection refused`);
    expect(error.endpoint).toEqual({ host: "127.0.0.1", port });
  });

  it("rejects with REFUSED where a name has several addresses and no program listens on any", async () => {
    expect(await failureCode(connect({ host: "localhost", port: await closedPort() }))).toBe(
      "REFUSED",
    );
  });

  it("rejects with UNKNOWN_HOST for a name that leads nowhere", async () => {
    const error = await failure(connect({ host: "nowhere.invalid", port: 80 }));
    expect(error.code).toBe("UNKNOWN_HOST");
    expect(error.message).toMatch(/^connect nowhere\.invalid:80: /);
  });

  it("rejects with UNREACHABLE where no route leads", async () => {
    // The limited broadcast address: no TCP connection can go there (RFC 1122, 4.2.3.10).
    const error = await failure(connect({ host: "255.255.255.255", port: 80, timeout: 5_000 }));
    expect(error.code).toBe("UNREACHABLE");
  });

  it("rejects with ADDRESS_NOT_AVAILABLE for a local address of another machine", async () => {
    const { local } = await server();
    const refused = connect({ ...local, localHost: "192.0.2.1" });
    expect(await failureCode(refused)).toBe("ADDRESS_NOT_AVAILABLE");
  });

  it("rejects with TIMED_OUT when the server's kernel no longer answers: its backlog is full", async () => {
    // A thread that listens and then sleeps leaves the kernel to fill its backlog of 1.
    const worker = new Worker(
      `const { createServer } = require("node:net");
       const { parentPort } = require("node:worker_threads");
       const server = createServer().listen({ host: "127.0.0.1", port: 0, backlog: 1 }, () => {
         parentPort.postMessage(server.address().port);
         Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 15_000);
       });`,
      { eval: true },
    );
    onTestFinished(async () => void (await worker.terminate()));
    const port = await new Promise<number>((resolve) => worker.once("message", resolve));
    let connected = 0;
    const error = await failure(
      (async () => {
        for (; connected < 20; connected++) {
          const here = await connect({ port, timeout: 400 });
          onTestFinished(() => here.reset());
        }
      })(),
    );
    expect(error.code).toBe("TIMED_OUT");
    expect(error.message).toBe(`connect 127.0.0.1:${port}: timed out after 400 ms`);
    expect(connected).toBeLessThan(10);
  });

  it("rejects with ABORTED before and during the attempt", async () => {
    const { port } = (await server()).local;
    expect(await failureCode(connect({ port, signal: AbortSignal.abort() }))).toBe("ABORTED");
    const stop = new AbortController();
    const attempt = failureCode(connect({ port, signal: stop.signal }));
    stop.abort();
    expect(await attempt).toBe("ABORTED");
  });

  it.each([0, -1, 65_536, 1.5])("rejects port %d with a RangeError", async (port) => {
    await expect(connect({ port })).rejects.toThrow(
      new RangeError(`port must be an integer from 1 to 65535, not ${port}`),
    );
  });

  it.each([0, -5, 1.5, Number.NaN])(
    "recv rejects maxBytes %d with a RangeError",
    async (maxBytes) => {
      const here = await client(await server());
      await expect(here.recv(maxBytes)).rejects.toThrow(/^maxBytes must be an integer from 1 to /);
    },
  );

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])(
    "recv rejects timeout %d with a RangeError",
    async (timeout) => {
      const here = await client(await server());
      await expect(here.recv(1, { timeout })).rejects.toThrow(
        /^timeout must be an integer from 0 to /,
      );
    },
  );
});
