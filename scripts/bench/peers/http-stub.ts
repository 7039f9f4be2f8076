// Parses nothing: an answer for each piece of bytes that comes. What node:net itself can do.
import { type AddressInfo, createServer } from "node:net";
import { answerBytes } from "./http-answer";

const ANSWER = answerBytes(false);
const server = createServer({ noDelay: true }, (socket) => {
  socket.on("data", () => socket.write(ANSWER));
  socket.on("error", () => socket.destroy());
});
server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));
