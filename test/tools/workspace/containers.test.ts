// The dev container and Binder's image, as far as they can be looked at without building them.
import { execFileSync } from "node:child_process";
import { accessSync, constants, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { REPOSITORY, readJsonc } from "../../../scripts/workspace/jsonc";
import { LAB_PORTS } from "../../../src/sockets/lab-ports";

const JUPYTERLAB_PORT = 8888;
const RECOMMENDED_NODE = Number(readFileSync(path.join(REPOSITORY, ".nvmrc"), "utf8"));
const own = path.join(REPOSITORY, ".jupyter");

/** The major version of Node that a text names with `pattern`. */
function nodeIn(text: string, pattern: RegExp): number {
  return Number(pattern.exec(text)?.[1]);
}

/** The command that binder/start runs, with what it prints. */
function started(env: NodeJS.ProcessEnv, ...command: string[]): string {
  const start = path.join(REPOSITORY, "binder/start");
  return execFileSync(start, command, { cwd: "/", env, encoding: "utf8" });
}

describe("a dev container", () => {
  it("has a Node that the lab runs on, the lab's ports, and the kernel for its terminals", async () => {
    const { image, remoteUser, remoteEnv, forwardPorts, portsAttributes } = await readJsonc<{
      image: string;
      remoteUser: string;
      remoteEnv: Record<string, string>;
      forwardPorts: number[];
      portsAttributes: Record<string, unknown>;
    }>(".devcontainer/devcontainer.json");
    const major = nodeIn(image, /^mcr\.microsoft\.com\/devcontainers\/typescript-node:(\d+)$/);
    expect(major).toBe(RECOMMENDED_NODE);
    expect(remoteUser).not.toBe("root");
    expect(remoteEnv.JUPYTER_PATH).toBe(`\${containerWorkspaceFolder}/${path.basename(own)}`);
    const ports = [...Object.values(LAB_PORTS), JUPYTERLAB_PORT].sort();
    expect([...forwardPorts].sort()).toEqual(ports);
    expect(Object.keys(portsAttributes).map(Number).sort()).toEqual(ports);
  });
});

describe("Binder's image", () => {
  it("has a Node that the lab runs on, and scripts that can be started", () => {
    const environment = readFileSync(path.join(REPOSITORY, "binder/environment.yml"), "utf8");
    expect(nodeIn(environment, /^ {2}- nodejs=(\d+)$/m)).toBe(RECOMMENDED_NODE);
    for (const name of ["postBuild", "start"]) {
      accessSync(path.join(REPOSITORY, "binder", name), constants.X_OK);
    }
  });

  it("starts any command with the kernel known, before the kernels known already", () => {
    const print = ["sh", "-c", 'printf %s "$JUPYTER_PATH"'];
    const { PATH } = process.env;
    expect(started({ PATH }, ...print)).toBe(own);
    expect(started({ PATH, JUPYTER_PATH: "/more" }, ...print)).toBe(`${own}:/more`);
    expect(started({ PATH }, "printf", "%s|", "a b", "c")).toBe("a b|c|");
  });
});
