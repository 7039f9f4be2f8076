/** Drives an extracted program as a child process, as a person would: its first line, its signals, its end. */
import path from "node:path";
import { type Child, startChild } from "./child";

const DIST = path.resolve(import.meta.dirname, "../../dist");

/** A program that has said where it listens. */
export interface RunningProgram {
  readonly child: Child;
  readonly firstLine: string;
  readonly host: string;
  readonly port: number;
}

/** Starts `node dist/NAME.mjs ARGS`; killed when the test ends. For clients and for starts that should fail. */
export function spawnProgram(
  name: string,
  args: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
): Child {
  return startChild(process.execPath, [path.join(DIST, `${name}.mjs`), ...args], {
    env: { HOST: undefined, PORT: undefined, ...env },
  });
}

/**
 * Starts a server program on a port that the system chooses, and waits for its first line, which says where
 * it listens (`TCP Server listening on 127.0.0.1:40123`).
 */
export async function startProgram(
  name: string,
  args: readonly string[] = ["--port", "0"],
  env: NodeJS.ProcessEnv = {},
): Promise<RunningProgram> {
  const child = spawnProgram(name, args, env);
  const [firstLine] = await child.line();
  return { child, firstLine, ...addressIn(firstLine) };
}

/** Where a server's first line says that it listens. @throws when it does not say so */
export function addressIn(firstLine: string): { host: string; port: number } {
  const [, bracketed, plain, port] = /(?:\[([^\]]+)\]|([\w.-]+)):(\d+)\b/.exec(firstLine) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined || port === undefined) {
    throw new Error(`the program did not say where it listens, but: ${firstLine}`);
  }
  return { host, port: Number(port) };
}
