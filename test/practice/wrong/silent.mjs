/** Accepts and says nothing. */
import { start } from "./right.mjs";

start({ onClient: (client) => client.on("error", () => {}).resume() });
