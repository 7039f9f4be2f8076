// Runs a command of scripts/ quickly: built into node_modules/.cache when something has changed, then
// loaded. Loading TypeScript as it is would take longer than many a command itself.

import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { buildOnce, fingerprint } from "./build-cache.mjs";
import { nodeVersionProblem } from "./node-version.mjs";

/** What is built in; all other packages are loaded from node_modules as they are. */
const BUILT_IN = ["markdown-it", "highlight.js"];

/**
 * Runs scripts/NAME.ts with the arguments of this process. Where it cannot run, says why, and sets the exit
 * status to 1.
 */
export async function runBuilt(root, name) {
  const problem = nodeVersionProblem(process.versions.node);
  if (problem) return fail(problem);
  if (!fs.existsSync(path.join(root, "node_modules", "esbuild"))) {
    return fail(`The lab is not installed: run "npm ci" in ${root}`);
  }
  await import(pathToFileURL(await built(root, name)).href);
}

function fail(message) {
  console.error(message);
  process.exitCode = 1;
}

/** The built program: from the cache, or built into it. */
async function built(root, name) {
  const cache = path.join(root, "node_modules", ".cache", `socket-lab-${name}`);
  const key = fingerprint(root, ["scripts", "src", "package-lock.json"]);
  const { directory, temporary } = await buildOnce(path.join(cache, key), async (draft) => {
    const esbuild = createRequire(path.join(root, "package.json"))("esbuild");
    await esbuild.build({
      entryPoints: [path.join(root, "scripts", `${name}.ts`)],
      outdir: draft,
      bundle: true,
      splitting: true, // what is loaded later is a file of its own
      platform: "node",
      format: "esm",
      target: "node20",
      logLevel: "silent",
      plugins: [packagesOutside, placesOfSources(esbuild)],
    });
    await esbuild.stop();
    fs.writeFileSync(path.join(draft, "package.json"), '{ "type": "module" }\n');
  });
  if (temporary) {
    // What is loaded later is found there, and packages where they are.
    fs.symlinkSync(
      path.join(root, "node_modules"),
      path.join(directory, "node_modules"),
      "junction",
    );
    process.once("exit", () => fs.rmSync(directory, { recursive: true, force: true }));
  }
  return path.join(directory, `${name}.js`);
}

const packagesOutside = {
  name: "packages-outside",
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, ({ path: name, importer, kind }) => {
      if (kind === "entry-point" || importer.includes("node_modules")) return undefined;
      const own = BUILT_IN.some((one) => name === one || name.startsWith(`${one}/`));
      return own ? undefined : { path: name, external: true };
    });
  },
};

/** Sources find other files from where they stand; built, they still do. */
function placesOfSources(esbuild) {
  return {
    name: "places-of-sources",
    setup(build) {
      build.onLoad({ filter: /\.ts$/ }, async ({ path: file }) => {
        const text = fs.readFileSync(file, "utf8");
        if (file.includes("node_modules") || !text.includes("import.meta.")) return undefined;
        const { code } = await esbuild.transform(text, {
          loader: "ts",
          define: {
            "import.meta.url": JSON.stringify(pathToFileURL(file).href),
            "import.meta.dirname": JSON.stringify(path.dirname(file)),
          },
        });
        return { contents: code, loader: "js" };
      });
    },
  };
}
