/** Counts the head as if it belonged to the body, and keeps the connection open. */
import { RIGHT, start } from "./right.mjs";

start({
  onClient(client) {
    client
      .on("error", () => {})
      .on("data", () => {
        const whole = RIGHT.response("200 OK", "<h1>Hello</h1>");
        client.write(whole.replace(/Content-Length: \d+/, `Content-Length: ${whole.length}`));
      });
  },
});
