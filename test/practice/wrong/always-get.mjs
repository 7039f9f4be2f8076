/** Takes every request for a GET. */
import { RIGHT, start } from "./right.mjs";

start({ shown: (request) => ({ ...RIGHT.shown(request), Method: "GET" }) });
