/** Ends its lines with LF alone. */
import { RIGHT, start } from "./right.mjs";

start({ response: (status, body) => RIGHT.response(status, body).replaceAll("\r\n", "\n") });
