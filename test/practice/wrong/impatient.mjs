/** Serves one client at a time, and gives each a moment to speak: so nobody waits for long, and the slow are lost. */
import { inTurn, start } from "./right.mjs";

const PATIENCE_MS = 400;

start({
  onClient: inTurn((client) => {
    const timer = setTimeout(() => client.destroy(), PATIENCE_MS);
    client.once("close", () => clearTimeout(timer));
  }),
});
