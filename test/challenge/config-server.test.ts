/** The judge of Part 9 passes config_server and config_client in every step, those beyond the challenge too. */
import { tmpdir } from "node:os";
import path from "node:path";
import { main as config_client } from "../../dist/config_client";
import { CONFIG_SERVER } from "../../src/tools/practice/judges/09-configuration-server/judge";
import { type Launch, spawnProgram } from "../../src/tools/practice/judging/start-process";
import { inProcess } from "../tools/practice/in-process";
import { describeTarget } from "../tools/practice/judge-suite";

const DIST = path.resolve(import.meta.dirname, "../../dist");

/** Servers are killed: they are processes. What the clients do can be seen from here. */
const client = inProcess({ config_client });
const launch: Launch = (name, args) =>
  name === "config_client"
    ? client(name, args)
    : spawnProgram([process.execPath, path.join(DIST, `${name}.mjs`), ...args], tmpdir());

describeTarget(CONFIG_SERVER, () => ({ launch }));
