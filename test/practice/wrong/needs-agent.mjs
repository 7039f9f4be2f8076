/** An error, where a request has no user agent, that ends the connection. */
import { RIGHT, start } from "./right.mjs";

start({
  respond(request) {
    if (request.path === "/about" && request.fields["user-agent"] === undefined) return "";
    return RIGHT.respond.call(this, request);
  },
});
