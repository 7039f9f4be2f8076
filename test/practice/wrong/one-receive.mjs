/** Takes what comes first for the whole request. */
import { RIGHT, start } from "./right.mjs";

start({
  onClient(client) {
    client
      .on("error", () => {})
      .once("data", (bytes) => {
        const text = bytes.toString("latin1");
        client.end(this.respond(RIGHT.parse(`${text.trimEnd()}\r\n\r\n`, this)));
      });
  },
});
