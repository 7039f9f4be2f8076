// The page, from Fastify: routes, hooks and schemas on top of node:http.

import { contentType, listening, page } from "./page";

const { fastify } = await import("fastify").catch(() => {
  console.error("Fastify is not installed here: npm install --no-save fastify");
  process.exit(1);
});
const app = fastify();
app.get("/", (_request, reply) => reply.type(contentType).send(page));
const url = await app.listen({ port: 0, host: "127.0.0.1" });
listening(Number(new URL(url).port));
