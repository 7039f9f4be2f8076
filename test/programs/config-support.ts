/** A config_server in this process, on a store that goes when the test ends, and a way to ask it. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";
import { start } from "../../dist/config_server";
import { type Answer, ask } from "../../src/http/client";
import { type ConfigStore, openStore } from "../../src/store/config-store";
import { type RunningProgram, startProgram } from "../support/program";

export type Fields = Readonly<Record<string, string>>;

export interface Reply extends Answer {
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of the members
  readonly json: any;
}

export interface TestServer {
  readonly port: number;
  /** `send("PUT", "/configs/r1", "hostname r1\n", { "If-Match": "*" })` */
  send(method: string, path: string, body?: string | Uint8Array, fields?: Fields): Promise<Reply>;
}

export async function tempFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "socket-lab-config-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export function asking(port: number): TestServer {
  return {
    port,
    send: async (method, target, body, fields) => {
      const answer = await ask({ host: "127.0.0.1", port, method, path: target, body, fields });
      const text = String(answer.body);
      const isJson = String(answer.fields["content-type"]).includes("json");
      return { ...answer, text, json: isJson && text !== "" ? JSON.parse(text) : undefined };
    },
  };
}

export interface ServerHere extends TestServer {
  readonly store: ConfigStore;
  readonly folder: string;
}

export async function startHere(
  settings: Partial<Parameters<typeof start>[1]> = {},
): Promise<ServerHere> {
  const folder = path.join(await tempFolder(), "store");
  const store = await openStore(folder);
  const server = await start(store, { port: 0, ...settings });
  onTestFinished(async () => {
    await server.stop();
    await store.close();
  });
  return { ...asking(server.local.port), store, folder };
}

export interface ServerProcess extends TestServer {
  readonly program: RunningProgram;
}

/** The program itself, as a process. */
export async function startProcess(
  store: string,
  args: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
): Promise<ServerProcess> {
  const own = { TOKEN: undefined, ...env };
  const program = await startProgram("config_server", ["--port=0", "--store", store, ...args], own);
  return { ...asking(program.port), program };
}
