/** Ends with its first client. */
import { start } from "./right.mjs";

start({
  onClient(client) {
    client.on("error", () => {}).once("data", () => process.exit(0));
  },
});
