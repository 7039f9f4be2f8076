/** Serves one client after the other: the next has to wait until this one has gone. */
import { once } from "node:events";
import { RIGHT, start } from "./right.mjs";

let queue = Promise.resolve();
start({
  onClient(client) {
    client.on("error", () => {}).pause();
    queue = queue.then(async () => {
      if (client.destroyed) return;
      const gone = once(client, "close");
      RIGHT.onClient.call(this, client);
      client.resume();
      await gone;
    });
  },
});
