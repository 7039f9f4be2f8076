/** Serves one client at a time, and gives each a moment to speak: so nobody waits for long, and the slow are lost. */
import { once } from "node:events";
import { RIGHT, start } from "./right.mjs";

const PATIENCE_MS = 400;
let queue = Promise.resolve();
start({
  onClient(client) {
    client.on("error", () => {}).pause();
    queue = queue.then(async () => {
      if (client.destroyed) return;
      const gone = once(client, "close");
      const timer = setTimeout(() => client.destroy(), PATIENCE_MS);
      RIGHT.onClient.call(this, client);
      client.resume();
      await gone;
      clearTimeout(timer);
    });
  },
});
