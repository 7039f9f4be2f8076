/** Answers forty requests, and then no more. */
import { RIGHT, start } from "./right.mjs";

let count = 0;
start({
  respond(request) {
    return ++count > 40 ? "" : RIGHT.respond.call(this, request);
  },
});
