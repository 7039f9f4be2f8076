// The time of a request and its response over TCP and over UDP, on this machine.

import { connect, listen } from "../sockets/tcp";
import { bind } from "../sockets/udp";

/** Milliseconds for `count` questions and answers in a row, each over a new TCP connection. */
export async function timeTcp(count: number): Promise<number> {
  const server = await listen({ port: 0 });
  const serving = (async () => {
    for await (const client of server) {
      await client.send(await client.recv(1024));
      await client.close();
    }
  })();
  const start = performance.now();
  for (let i = 0; i < count; i += 1) {
    const client = await connect({ port: server.local.port });
    await client.send("?");
    await client.recv(1024);
    await client.close();
  }
  const elapsed = performance.now() - start;
  await server.close();
  await serving;
  return elapsed;
}

/** Milliseconds for `count` questions and answers in a row between two UDP sockets. */
export async function timeUdp(count: number): Promise<number> {
  const server = await bind({ port: 0 });
  const client = await bind({ port: 0 });
  const start = performance.now();
  for (let i = 0; i < count; i += 1) {
    await client.sendto("?", server.local);
    const { data, from } = await server.recvfrom(1024);
    await server.sendto(data, from);
    await client.recvfrom(1024);
  }
  const elapsed = performance.now() - start;
  await Promise.all([server.close(), client.close()]);
  return elapsed;
}
