// Starts scripts/start.ts quickly: built into node_modules/.cache when something has changed, then loaded.
// Loading TypeScript as it is would take longer than all the rest of the way to the first screen.

import { createHash } from "node:crypto";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const OLDEST_NODE = [20, 19];
const OLD_BUILD_MS = 24 * 60 * 60 * 1_000;
/** What is built in; all other packages are loaded from node_modules as they are. */
const BUILT_IN = ["markdown-it", "highlight.js", "string-width", "wrap-ansi"];
const SOURCES = ["scripts/start.ts", "scripts/start.mjs", "src"];
const ENTRY = "start.js";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");

function fail(message) {
  console.error(message);
  process.exitCode = 1;
}

/** The built program: from the cache, or built into it. */
async function built() {
  const cache = path.join(root, "node_modules", ".cache", "socket-lab-start");
  const directory = path.join(cache, fingerprint());
  const entry = path.join(directory, ENTRY);
  if (fs.existsSync(entry)) return entry;
  fs.mkdirSync(cache, { recursive: true });
  const draft = fs.mkdtempSync(path.join(cache, "draft-"));
  fs.chmodSync(draft, 0o777 & ~process.umask()); // other users of a shared lab read it too
  const esbuild = createRequire(path.join(root, "package.json"))("esbuild");
  await esbuild.build({
    entryPoints: [path.join(root, "scripts", "start.ts")],
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
  try {
    fs.renameSync(draft, directory);
  } catch {
    fs.rmSync(draft, { recursive: true, force: true }); // another start was quicker
  }
  removeOld(cache);
  return entry;
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
        if (file.includes("node_modules") || !text.includes("import.meta.url")) return undefined;
        const { code } = await esbuild.transform(text, {
          loader: "ts",
          define: { "import.meta.url": JSON.stringify(pathToFileURL(file).href) },
        });
        return { contents: code, loader: "js" };
      });
    },
  };
}

/** Builds of older sources. A recent one may still be in use. */
function removeOld(cache) {
  for (const name of fs.readdirSync(cache)) {
    const build = path.join(cache, name);
    const age = Date.now() - (fs.statSync(build, { throwIfNoEntry: false })?.mtimeMs ?? Infinity);
    if (age > OLD_BUILD_MS) fs.rmSync(build, { recursive: true, force: true });
  }
}

/** Changes with every edit of the sources and every change of the packages. */
function fingerprint() {
  const hash = createHash("sha256").update(process.versions.node);
  const add = (file) => {
    const { mtimeMs, size } = fs.statSync(file);
    hash.update(`${path.relative(root, file)} ${mtimeMs} ${size}\n`);
  };
  for (const source of SOURCES) {
    const full = path.join(root, source);
    if (fs.statSync(full).isFile()) add(full);
    else
      for (const name of fs.readdirSync(full, { recursive: true }).sort())
        add(path.join(full, name));
  }
  add(path.join(root, "package-lock.json"));
  return hash.digest("hex").slice(0, 16);
}

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
  fail(
    `Node ${process.versions.node} is too old for this lab: it needs ${OLDEST_NODE.join(".")} or newer, see https://nodejs.org/`,
  );
} else if (!fs.existsSync(path.join(root, "node_modules", "esbuild"))) {
  fail(`The lab is not installed: run "npm ci" in ${root}`);
} else {
  await import(pathToFileURL(await built()).href);
}
