import { describe, expect, onTestFinished, test } from "vitest";
import { main, type Outcome, safeTcpClient } from "../../dist/safe_tcp_client";
import { main as serverMain } from "../../dist/tcp_server";
import { startBusyServer } from "../../src/lab/busy-server";
import { unusedPort } from "../../src/lab/unused-port";
import { connect, listen, type TcpSocket } from "../../src/sockets/tcp";
import { runHere, serveHere } from "../support/here";
import { spawnProgram } from "../support/program";

/** A server that treats its first client in its own way; the client is reset at the end. */
async function serverThat(acts: (client: TcpSocket) => unknown): Promise<number> {
  const server = await listen({ port: 0 });
  const serving = server.accept().then(async (client) => {
    onTestFinished(() => client.reset());
    await acts(client);
  });
  onTestFinished(async () => {
    await server.close();
    await serving.catch(() => undefined);
  });
  return server.local.port;
}

const words = (outcome: Outcome) =>
  "answer" in outcome
    ? outcome.answer
    : [outcome.error.code, outcome.error.systemCode, outcome.words];

describe("safeTcpClient", () => {
  test("says Hello, and gives the answer", async () => {
    let heard = "";
    const port = await serverThat(async (client) => {
      heard = String(await client.recv(1024));
      await client.send("Hello! You are connection #1");
    });
    expect(words(await safeTcpClient("127.0.0.1", port))).toBe("Hello! You are connection #1");
    expect(heard).toBe("Hello");
  });

  test("refused: no program listens", async () => {
    expect(words(await safeTcpClient("127.0.0.1", await unusedPort()))).toEqual([
      "REFUSED",
      "ECONNREFUSED",
      "Connection refused - is the server running?",
    ]);
  });

  test("timed out: the server accepts and does not answer", async () => {
    const port = await serverThat(() => undefined);
    const outcome = await safeTcpClient("127.0.0.1", port, { timeout: 100 });
    expect(words(outcome)).toEqual(["TIMED_OUT", undefined, "Connection timed out"]);
    expect("error" in outcome && outcome.error.message).toMatch(/^recv /);
  });

  test("timed out: the server is too busy to accept, and its queue is full", async () => {
    const busy = await startBusyServer(1);
    const queue: TcpSocket[] = [];
    onTestFinished(async () => {
      for (const waiting of queue) waiting.reset();
      await busy.stop();
    });
    const filled = await (async () => {
      for (let i = 0; i < 10; i++) queue.push(await connect({ port: busy.port, timeout: 300 }));
    })().catch((error: unknown) => error);
    expect(filled).toMatchObject({ code: "TIMED_OUT" });
    const outcome = await safeTcpClient("127.0.0.1", busy.port, { timeout: 300 });
    expect(words(outcome)).toEqual(["TIMED_OUT", undefined, "Connection timed out"]);
    expect("error" in outcome && outcome.error.message).toMatch(/^connect /);
  });

  test("unknown host: a name that no name server has", async () => {
    const outcome = await safeTcpClient("no-such-host.invalid", 80);
    expect(words(outcome)).toEqual([
      "UNKNOWN_HOST",
      expect.stringMatching(/^(ENOTFOUND|EAI_AGAIN)$/),
      "Invalid hostname",
    ]);
  });

  test("unreachable: an address that the system has no way to", async (ctx) => {
    if (process.platform !== "linux")
      ctx.skip("other systems say something else of a broadcast address");
    expect(words(await safeTcpClient("127.255.255.255", 80))).toEqual([
      "UNREACHABLE",
      "ENETUNREACH",
      "That address cannot be reached",
    ]);
  });

  test("reset: the server breaks off", async () => {
    const port = await serverThat(async (client) => {
      await client.recv(1024);
      client.reset();
    });
    expect(words(await safeTcpClient("127.0.0.1", port))).toEqual([
      "RESET",
      "ECONNRESET",
      "The server broke off the connection",
    ]);
  });

  test("closed early: the server closes without an answer", async () => {
    const port = await serverThat(async (client) => {
      await client.recv(1024);
      await client.close();
    });
    expect(words(await safeTcpClient("127.0.0.1", port))).toEqual([
      "CLOSED_EARLY",
      undefined,
      "The server closed without an answer",
    ]);
  });

  test("every failure comes with advice", async () => {
    const outcome = await safeTcpClient("127.0.0.1", await unusedPort());
    expect("error" in outcome && outcome.error.advice).toMatch(/^Nothing listens there: .+\.$/);
  });

  test("a bug is thrown, not explained away", async () => {
    await expect(safeTcpClient("127.0.0.1", 808_080)).rejects.toThrow(RangeError);
  });
});

describe("safe_tcp_client", () => {
  test("talks to tcp_server", async () => {
    const { port } = await serveHere(serverMain);
    const { status, stdout, stderr } = await spawnProgram("safe_tcp_client", [
      "--port",
      String(port),
    ]).end();
    expect({ status, stdout, stderr }).toEqual({
      status: 0,
      stdout: "Received: Hello! You are connection #1\n",
      stderr: "",
    });
  });

  test("explains in one line what went wrong, with exit 1", async () => {
    const port = await unusedPort();
    const { status, stdout, stderr } = await spawnProgram("safe_tcp_client", [
      "--port",
      String(port),
    ]).end();
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toBe(
      "safe_tcp_client: Connection refused - is the server running? " +
        `(connect 127.0.0.1:${port}: connection refused). ` +
        "Nothing listens there: check the host and the port, and that the server is running.\n",
    );
  });

  test("waits no longer than it is told", async () => {
    const port = await serverThat(() => undefined);
    const args = ["--port", String(port), "--timeout", "100"];
    const { status, stderr } = await runHere(main, args).end();
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^safe_tcp_client: Connection timed out \(recv .*: timed out after 100 ms\)/,
    );
  });

  test("stopped with Ctrl+C while it waits, it ends with exit 0 and no complaint", async () => {
    let heard = () => {};
    const asked = new Promise<void>((resolve) => {
      heard = resolve;
    });
    const port = await serverThat(async (client) => {
      await client.recv(1024);
      heard();
    });
    const child = spawnProgram("safe_tcp_client", ["--port", String(port)]);
    await asked;
    child.kill("SIGINT");
    expect(await child.end()).toMatchObject({ status: 0, stdout: "", stderr: "" });
  });

  test("what a server sends cannot disturb the terminal", async () => {
    const port = await serverThat((client) => client.send("\x1b[31mred"));
    const { stdout } = await runHere(main, ["--port", String(port)]).end();
    expect(stdout).toBe("Received: \\u001b[31mred\n");
  });
});
