/** Knows one path, and shows it whatever was asked. */
import { RIGHT, start } from "./right.mjs";

start({
  shown: (request) => ({
    ...RIGHT.shown(request),
    Path: request.path === "/" ? "/index" : request.path,
  }),
});
