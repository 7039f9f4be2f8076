/** Configuration servers with one flaw as programs: `node config-program.mjs none --port 0 --store FOLDER`. */
import { parseArgs } from "node:util";
import { start } from "./config-server.mjs";

/** The `main` of such a server. Stopped by its signal, it keeps no more than a process that is killed. */
export const server =
  (flaw) =>
  async (argv, { stdout, signal }) => {
    const text = { type: "string" };
    const options = { port: text, store: text, token: text, mask: { type: "boolean" } };
    const { host, port, stop } = await start(flaw, parseArgs({ args: argv, options }).values);
    stdout.write(`Configuration Server listening on http://${host}:${port}\n`);
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    stop();
    return 0;
  };

if (process.argv[1] === import.meta.filename) {
  const [flaw, ...argv] = process.argv.slice(2);
  await server(flaw)(argv, { stdout: process.stdout, signal: new AbortController().signal });
}
