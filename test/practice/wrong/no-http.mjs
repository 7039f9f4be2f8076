/** Answers with a page, but not in HTTP. */
import { html, start } from "./right.mjs";

start({ response: (_status, body) => body ?? html([]) });
