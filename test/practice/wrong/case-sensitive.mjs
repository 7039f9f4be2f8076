/** Finds User-Agent and user-agent, and no other way to write it. */
import { start } from "./right.mjs";

start({
  keyOf: (name) => (["User-Agent", "Content-Length"].includes(name) ? name.toLowerCase() : name),
});
