// The same server on node:net alone.
import { createServer } from "node:net";

let line = "";
let count = 0;
const server = createServer((socket) => {
  count += 1;
  const number = count;
  line = `Connection #${number} from ${socket.remoteAddress}:${socket.remotePort}`;
  socket.on("error", () => socket.destroy());
  socket.once("data", () => socket.end(`Hello! You are connection #${number}`));
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  console.log(typeof address === "object" ? address?.port : address);
});
server.on("close", () => console.log(line));
