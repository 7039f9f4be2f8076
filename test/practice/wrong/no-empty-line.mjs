/** Sends the page directly after the fields. */
import { RIGHT, start } from "./right.mjs";

start({ response: (status, body) => RIGHT.response(status, body).replace("\r\n\r\n", "\r\n") });
