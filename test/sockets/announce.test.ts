import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { Server, Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CALL_CHANNEL, type CallMessage } from "../../src/sockets/announce";
import { connect, listen, type TcpServer, type TcpSocket } from "../../src/sockets/tcp";
import { bind } from "../../src/sockets/udp";

describe("calls announced on the diagnostics channel", () => {
  const heard: CallMessage[] = [];
  const hear = (message: unknown) => void heard.push(message as CallMessage);
  const told = () =>
    heard.map(({ phase, call, data, error }) =>
      [phase, call, data && String(data), error && "failed"].filter(Boolean).join(" "),
    );
  const open: (TcpServer | TcpSocket)[] = [];

  beforeEach(() => {
    heard.length = 0;
    subscribe(CALL_CHANNEL, hear);
  });
  afterEach(async () => {
    unsubscribe(CALL_CHANNEL, hear);
    for (const each of open.splice(0)) await each.close();
  });

  async function pair(): Promise<[client: TcpSocket, served: TcpSocket]> {
    const server = await listen({ port: 0 });
    const accepting = server.accept();
    const client = await connect({ port: server.local.port });
    const served = await accepting;
    open.push(client, served, server);
    return [client, served];
  }

  it("tell an accept that waits from its end, with the connection that it took", async () => {
    await pair();
    expect(told()).toEqual(["start accept", "end accept"]);
    const [start, end] = heard;
    expect(start?.id).toBe(end?.id);
    expect(start?.target).toBeInstanceOf(Server);
    expect(end?.accepted).toBeInstanceOf(Socket);
  });

  it("carry the bytes of a recv, whether it waited or found them there", async () => {
    const [client, served] = await pair();
    heard.length = 0;
    const waiting = served.recv(2);
    await client.send("hello");
    await waiting;
    await served.recv(10);
    expect(told()).toEqual(["start recv", "end recv he", "start recv", "end recv llo"]);
  });

  it("carry the error of a call that failed", async () => {
    const [, served] = await pair();
    heard.length = 0;
    await expect(served.recv(1, { timeout: 0 })).rejects.toMatchObject({ code: "TIMED_OUT" });
    expect(told()).toEqual(["start recv", "end recv failed"]);
  });

  it("include what a loop takes, and what it takes back when it ends", async () => {
    const [client, served] = await pair();
    heard.length = 0;
    const chunks = served[Symbol.asyncIterator]();
    const first = chunks.next();
    await client.send("one");
    await first;
    const second = chunks.next();
    await chunks.return?.();
    await second;
    expect(told()).toEqual(["start recv", "end recv one", "start recv", "end recv"]);
  });

  it("name the datagram socket of a recvfrom", async () => {
    const receiver = await bind({ port: 0 });
    const sender = await bind({ port: 0 });
    const waiting = receiver.recvfrom();
    await sender.sendto("postcard", receiver.local);
    await waiting;
    await receiver.close();
    await sender.close();
    expect(told()).toEqual(["start recvfrom", "end recvfrom postcard"]);
  });
});
