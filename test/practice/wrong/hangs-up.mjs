/** Accepts and closes at once. */
import { start } from "./right.mjs";

start({ onClient: (client) => client.on("error", () => {}).end() });
