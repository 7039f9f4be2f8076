// The same server on node:net alone.
import { createServer } from "node:net";

let count = 0;
const server = createServer((socket) => {
  count += 1;
  const number = count;
  socket.on("error", () => socket.destroy());
  socket.once("data", () => socket.end(`Hello! You are connection #${number}`));
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  console.log(typeof address === "object" ? address?.port : address);
});
