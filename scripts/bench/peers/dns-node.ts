// node:dgram alone: the same answer to everything, with the id of the query in it.
import { createSocket } from "node:dgram";
import { encodeMessage } from "../../../src/dns/encode";
import { makeQuery, responseTo } from "../../../src/dns/exchange";

const query = makeQuery(0, "core-1.lab.example", "A");
const record = { name: "core-1.lab.example.", type: "A", class: "IN", ttl: 60, data: "192.0.2.11" };
const answer = encodeMessage(responseTo(query, { authoritative: true, answers: [record] }));

const server = createSocket("udp4");
server.on("message", (data, from) => {
  const reply = Buffer.from(answer);
  data.copy(reply, 0, 0, 2);
  server.send(reply, from.port, from.address);
});
server.bind(0, "127.0.0.1", () => console.log(server.address().port));
