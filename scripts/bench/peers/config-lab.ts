// config_server's own store behind its own routes; BENCH_FOLDER is its folder.
import { start } from "../../../dist/config_service";
import { openStore } from "../../../src/store/config-store";

const store = await openStore(process.env.BENCH_FOLDER ?? "");
const server = await start(store, { port: 0 });
console.log(server.local.port);
process.once("SIGTERM", async () => {
  await server.stop();
  await store.close();
});
