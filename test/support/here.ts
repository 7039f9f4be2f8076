/** Runs a program's `main` in the process of the tests: for what does not take a process of its own to show. */
import { StringDecoder } from "node:string_decoder";
import { onTestFinished } from "vitest";
import type { Main } from "../../src/program/program";
import { addressIn } from "./program";
import { Speaker } from "./speaker";

export interface EndHere {
  /** What `main` resolved with: as a process, its exit status. */
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A `main` under way, with nothing of the environment but what it is given. */
export class Here extends Speaker<EndHere> {
  readonly #stop = new AbortController();
  readonly #out = new StringDecoder("utf8");

  constructor(main: Main, args: readonly string[], env: NodeJS.ProcessEnv) {
    super();
    const stdout = {
      write: (data: string | Uint8Array) =>
        this.heard(typeof data === "string" ? data : this.#out.write(Buffer.from(data))),
    };
    const stderr = { write: (text: string) => this.complained(text) };
    main(args, { stdout, stderr, env, signal: this.#stop.signal }).then(
      (status) => this.over({ status, stdout: this.stdout, stderr: this.stderr }),
      (error) => this.lost(error),
    );
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.ended.catch(() => undefined);
  }
}

/** Starts `main`; it is stopped when the test ends. For clients, and for starts that should fail. */
export function runHere(
  main: Main,
  args: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
): Here {
  const here = new Here(main, args, env);
  onTestFinished(() => here.stop());
  return here;
}

/** A server program that has said where it listens. */
export interface ServerHere {
  readonly here: Here;
  readonly firstLine: string;
  readonly host: string;
  readonly port: number;
}

/** Starts a server program on a port that the system chooses, and waits for its first line. */
export async function serveHere(
  main: Main,
  args: readonly string[] = ["--port", "0"],
  env: NodeJS.ProcessEnv = {},
): Promise<ServerHere> {
  const here = runHere(main, args, env);
  const [firstLine] = await here.line();
  return { here, firstLine, ...addressIn(firstLine) };
}
