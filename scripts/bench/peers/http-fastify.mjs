// Plain JavaScript: Fastify cannot be bundled into one ES module.
import fastify from "fastify";

const app = fastify();
app.get("/", (_request, reply) =>
  reply.type("text/plain; charset=utf-8").send("Hello from a socket!"),
);
const url = await app.listen({ port: 0, host: "127.0.0.1" });
console.log(new URL(url).port);
