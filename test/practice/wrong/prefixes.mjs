/** Takes whatever begins with a path that it knows. */
import { start } from "./right.mjs";

start({
  isKnown: (path) => path === "/" || path.startsWith("/hello") || path.startsWith("/about"),
});
