/** Says that its pages are plain text. */
import { start } from "./right.mjs";

start({ type: "text/plain" });
