/** Puts the user agent into the page as it came. */
import { start } from "./right.mjs";

start({ escape: (text) => text });
