/** Has the challenge's example written down. */
import { start } from "./right.mjs";

start({ shown: () => ({ Method: "GET", Path: "/hello", Browser: "Mozilla/5.0" }) });
