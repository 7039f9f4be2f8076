/** Gives the same page to everybody. */
import { html, start } from "./right.mjs";

start({
  respond() {
    return this.response("200 OK", html(["<h1>It works!</h1>"]));
  },
});
