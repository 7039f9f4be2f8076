// Parses nothing, answers the first bytes that come, and closes.
import { type AddressInfo, createServer } from "node:net";
import { answerBytes } from "./http-answer";

const ANSWER = answerBytes(true);
const server = createServer({ noDelay: true }, (socket) => {
  socket.once("data", () => socket.end(ANSWER));
  socket.on("error", () => socket.destroy());
});
server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));
