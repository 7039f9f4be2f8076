// The lab's TCP server on src/sockets: a line about every connection (kept, not printed), and a number for it.
import { formatEndpoint } from "../../../src/sockets/endpoint";
import { listen, type TcpSocket } from "../../../src/sockets/tcp";

const server = await listen({ port: 0 });
console.log(server.local.port);

let line = "";

async function answer(client: TcpSocket, number: number): Promise<void> {
  line = `Connection #${number} from ${formatEndpoint(client.remote)}`;
  await client.recv(1024);
  await client.send(`Hello! You are connection #${number}`);
  await client.close();
}

let count = 0;
for await (const client of server) {
  count += 1;
  answer(client, count).catch(() => client.reset());
}
if (count > 0) console.log(line);
