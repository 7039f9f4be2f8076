// The lab's TCP server on src/sockets, without its printing: a number for every connection.
import { listen, type TcpSocket } from "../../../src/sockets/tcp";

const server = await listen({ port: 0 });
console.log(server.local.port);

async function answer(client: TcpSocket, number: number): Promise<void> {
  await client.recv(1024);
  await client.send(`Hello! You are connection #${number}`);
  await client.close();
}

let count = 0;
for await (const client of server) {
  count += 1;
  answer(client, count).catch(() => client.reset());
}
