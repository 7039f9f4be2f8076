import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { BODY } from "./http-answer";

const app = new Hono();
app.get("/", (context) => context.text(BODY));
serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, (address: AddressInfo) =>
  console.log(address.port),
);
