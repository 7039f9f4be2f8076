/** A process that starts Apache and never stops it, for a test that kills it. */
import { findApache } from "../../src/lab/apache/find-apache";
import { startApache } from "../../src/lab/apache/start-apache";

const apache = findApache();
if (apache !== undefined) {
  const { port } = await startApache(apache, { "index.html": "" });
  console.log(`port ${port}`);
  setInterval(() => {}, 60_000);
}
