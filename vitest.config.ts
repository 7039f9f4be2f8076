import { readFile } from "node:fs/promises";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

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

/**
 * The machinery: the kernel, the terminal, the commands and the judges of practice. An edit of a notebook, a
 * program or a module that cells import cannot break it, so `npm test` runs what is short of its tests, and
 * `npm run test:machinery` these.
 */
const MACHINERY = [
  "test/kernel/!(protocol|text-ring).test.ts",
  "test/sockets/kernel-typescript.test.ts",
  "test/stepper/{faults,lifecycle,walk}.test.ts",
  "test/practice/{challenge-*,check,commands,programs,region-by-region,wrong-servers}.test.ts",
  "test/book/{command,serve,whole-lab}.test.ts",
  "test/{build,commands,jupyter,setup,workspace}/**/*.test.ts",
];

/** Files that take longest, the longest first: begun late, they would run on alone when all others are done. */
const LONGEST = [
  "notebooks/notebooks",
  "programs/port-scanner",
  "practice/exercises",
  "programs/config-server",
  "programs/config-durable",
  "program/entry",
  "apache/start-apache",
  "http/cases",
  "kernel/repairs",
  "kernel/client",
  "practice/challenge-08",
  "kernel/interrupt",
  "stepper/walk",
  "stepper/lifecycle",
  "stepper/faults",
  "practice/wrong-servers",
  "practice/challenge-09",
];

// The tests talk to this machine alone. Reading the certificates that a company's machine adds would be two
// thirds of what each of their many Node processes costs.
delete process.env.NODE_EXTRA_CA_CERTS;

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = LONGEST.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
      return at < 0 ? LONGEST.length : at;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

/** `lab`: all but the machinery. `machinery`: the machinery alone. Any other mode, as in watching: all. */
export default defineConfig(({ mode }) => ({
  plugins: [extractedPrograms()],
  test: {
    include: mode === "machinery" ? MACHINERY : ["test/**/*.test.ts"],
    exclude: ["test/browser/**", ...(mode === "lab" ? MACHINERY : [])],
    globalSetup: ["test/support/global-setup.ts"],
    setupFiles: ["test/support/file-setup.ts"],
    // Most tests wait for a kernel or a program that they started: one worker would leave cores idle.
    maxWorkers: 4,
    sequence: { sequencer: LongestFirst },
    // Tests that are marked as concurrent judge programs that never answer: they wait, and cost nothing.
    maxConcurrency: 16,
    // A process and a module cache for each of the files would cost more than many of them take. No test
    // file changes what another sees: they share modules, and nothing else.
    isolate: false,
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
}));
