/** Says where it listens, and has gone by then. */
import { start } from "./right.mjs";

start({ onListening: (server) => server.close() });
