// The same server on node:dgram alone.
import { createSocket } from "node:dgram";

const server = createSocket("udp4");
let count = 0;
server.on("message", (_, from) => {
  count += 1;
  server.send(`Received! Message #${count}`, from.port, from.address);
});
server.bind(0, "127.0.0.1", () => console.log(server.address().port));
