/** Ends with its first client, but not before the next one may be in its queue. */
import { start } from "./right.mjs";

start({
  onClient(client) {
    client.on("error", () => {}).once("data", () => setTimeout(() => process.exit(0), 1_200));
  },
});
