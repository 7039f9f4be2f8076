// The lab's UDP server on src/sockets, without its printing: a number for every message.
import { bind } from "../../../src/sockets/udp";

const server = await bind({ port: 0 });
console.log(server.local.port);

let count = 0;
for await (const { from } of server) {
  count += 1;
  await server.sendto(`Received! Message #${count}`, from);
}
