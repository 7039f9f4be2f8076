import { readFile } from "node:fs/promises";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** Makes stack traces through the extracted programs name the notebook, the cell and the line in it. */
function extractedPrograms(): Plugin {
  return {
    name: "extracted-programs",
    // "../../dist/tcp_server" is the TypeScript file, not the bundle beside it.
    config: () => ({ resolve: { extensions: [".ts", ".mjs", ".js", ".json"] } }),
    async load(id) {
      if (!/\/dist\/\w+\.ts$/.test(id)) return undefined;
      const code = await readFile(id, "utf8");
      const encoded = /\n\/\/# sourceMappingURL=data:application\/json;base64,(\S+)\s*$/.exec(
        code,
      )?.[1];
      if (encoded === undefined) return undefined;
      // The map writes a cell's "#" as a URL does; vitest reads a path.
      const map = Buffer.from(encoded, "base64").toString().replaceAll("%23", "#");
      return { code, map };
    },
  };
}

// The tests talk to this machine alone. Reading the certificates that a company's machine adds would be two
// thirds of what each of their many Node processes costs.
delete process.env.NODE_EXTRA_CA_CERTS;

export default defineConfig({
  plugins: [extractedPrograms()],
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/browser/**"],
    globalSetup: ["test/support/global-setup.ts"],
    setupFiles: ["test/support/file-setup.ts"],
    // Most tests wait for a kernel or a program that they started: one worker would leave cores idle.
    maxWorkers: 4,
    // Tests that are marked as concurrent judge programs that never answer: they wait, and cost nothing.
    maxConcurrency: 16,
    // A process and a module cache for each of the files would cost more than many of them take. No test
    // file changes what another sees: they share modules, and nothing else.
    isolate: false,
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
});
