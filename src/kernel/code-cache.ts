// Loads a large CommonJS file with the machine code that V8 kept of an earlier load: TypeScript's nine
// megabytes take a fifth of a second less.

import { readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import Module, { createRequire } from "node:module";
import path from "node:path";
import vm from "node:vm";

/**
 * `require(file)`, quicker from the second time on.
 * @param directory where the machine code is kept; undefined when nothing can be kept.
 * @returns the module, and a function that keeps its code, to be called once it has been in use.
 */
export function requireCached(
  file: string,
  directory: string | undefined,
): { module: NodeModule; keep: () => void } {
  const require = createRequire(file);
  const { mtimeMs, size } = statSync(file);
  const name = `${path.basename(file)}-${size}-${Math.trunc(mtimeMs)}-v8-${process.versions.v8}-${process.arch}`;
  const cacheFile = directory && path.join(directory, name);
  const cachedData = cacheFile ? read(cacheFile) : undefined;
  const script = new vm.Script(Module.wrap(readFileSync(file, "utf8")), {
    filename: file,
    ...(cachedData ? { cachedData } : {}),
  });
  const module = new Module(file) as NodeModule;
  module.filename = file;
  require.cache[file] = module;
  script
    .runInThisContext()
    .call(module.exports, module.exports, require, module, file, path.dirname(file));
  module.loaded = true;
  const keep = () => {
    if (!cacheFile || (cachedData && !script.cachedDataRejected)) return;
    try {
      const draft = `${cacheFile}.${process.pid}.tmp`;
      writeFileSync(draft, script.createCachedData());
      renameSync(draft, cacheFile);
    } catch {
      // Nothing depends on it: the next start is only slower.
    }
  };
  return { module, keep };
}

function read(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}
