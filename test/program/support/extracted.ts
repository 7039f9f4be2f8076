/** A program cell of the test's own, extracted as `npm run extract` does it, to be run with plain node. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";
import { bundleProgram } from "../../../src/tools/notebook/bundle";

const ROOT = path.resolve(import.meta.dirname, "../../..");

/** What has been bundled, by name and source: most tests take the same program. */
const bundles = new Map<string, ReturnType<typeof bundleProgram>>();

/** Writes NAME.mjs and its map into a folder that goes when the test ends; returns the path. */
export async function extracted(name: string, source: string): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "socket-lab-program-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const cell = { name, file: "notebooks/02-tcp.ipynb", cell: "the-cell", source };
  const key = `${name}\n${source}`;
  const bundle = bundles.get(key) ?? bundleProgram(cell, [cell], { root: ROOT, folder: "dist" });
  bundles.set(key, bundle);
  const { code, map } = await bundle;
  const file = path.join(folder, `${name}.mjs`);
  await writeFile(file, code);
  await writeFile(`${file}.map`, map);
  return file;
}

/** A server that sends back what each connection sends, one after the other; `--bug` and its like make it fail. */
export const SERVER = `/** @module sample_server */
import { formatEndpoint } from "./src/sockets/endpoint";
import { listen } from "./src/sockets/tcp";
import { program } from "./src/program/program";

export const main = program({
  name: "sample_server",
  about: "Answers.",
  port: 8080,
  options: { how: { description: "how to fail" } },
  async run({ host, port, signal, options, print }) {
    if (options.how === "bug") throw new TypeError("a bug");
    if (options.how === "late bug") setTimeout(() => { throw new TypeError("a late bug"); });
    if (options.how === "rejection") void Promise.reject(new TypeError("nobody handled it"));
    if (options.how === "stray") setInterval(() => {}, 1000);
    if (options.how === "stray") return print("done, but a timer runs");
    if (options.how === "talk") for (let i = 0; i < 100_000; i++) print(\`line \${i}\`);
    if (options.how === "talk") return;
    const server = await listen({ host, port, signal });
    print(\`TCP Server listening on \${formatEndpoint(server.local)}\`);
    if (options.how === "deaf") signal.addEventListener("abort", () => print("asked to stop"));
    if (options.how === "deaf") await new Promise(() => {});
    for await (const socket of server) {
      for await (const chunk of socket) await socket.send(chunk);
      await socket.close();
    }
  },
});
`;
