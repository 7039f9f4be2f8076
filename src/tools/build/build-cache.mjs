// Programs built from src into node_modules/.cache when something has changed. Plain JavaScript: what
// starts with it has nothing yet that could load TypeScript.

import { createHash } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

const OLD_BUILD_MS = 24 * 60 * 60 * 1_000;
/** Stands in a build that is whole: a folder alone may be what is left of one. */
const WHOLE = "whole";

/** Changes with every edit of the files below `sources`, and with what Node and what machine it is. */
export function fingerprint(root, sources) {
  const hash = createHash("sha256").update(`${process.versions.node} ${process.arch}`);
  const add = (file) => {
    const stats = fs.statSync(file, { throwIfNoEntry: false });
    hash.update(`${path.relative(root, file)} ${stats?.mtimeMs} ${stats?.size}\n`);
  };
  for (const source of sources) {
    const full = path.join(root, source);
    const isFolder = fs.statSync(full, { throwIfNoEntry: false })?.isDirectory();
    const inside = isFolder ? fs.readdirSync(full, { recursive: true }).sort() : [""];
    for (const name of inside) add(path.join(full, name));
  }
  return hash.digest("hex").slice(0, 16);
}

/**
 * Has `make` fill `directory` unless it is there. Where nothing can be written it fills another one, which the
 * caller must remove.
 */
export async function buildOnce(directory, make) {
  const whole = () => fs.existsSync(path.join(directory, WHOLE));
  if (whole()) return { directory, temporary: false };
  const cache = path.dirname(directory);
  let draft;
  let temporary = false;
  try {
    fs.mkdirSync(cache, { recursive: true });
    draft = fs.mkdtempSync(path.join(cache, "draft-"));
    fs.chmodSync(draft, 0o777 & ~process.umask()); // other users of a shared lab read it too
  } catch {
    draft = fs.mkdtempSync(path.join(os.tmpdir(), "socket-lab-build-")); // read-only node_modules
    temporary = true;
  }
  await make(draft);
  if (temporary) return { directory: draft, temporary };
  fs.writeFileSync(path.join(draft, WHOLE), "");
  if (fs.existsSync(directory) && !whole()) fs.rmSync(directory, { recursive: true, force: true });
  try {
    fs.renameSync(draft, directory);
  } catch {
    fs.rmSync(draft, { recursive: true, force: true }); // another process was quicker
  }
  removeOld(cache);
  return { directory, temporary };
}

/** Builds of older sources. A recent one may still be in use by a process that is starting. */
function removeOld(cache) {
  for (const name of fs.readdirSync(cache)) {
    const build = path.join(cache, name);
    const age = Date.now() - (fs.statSync(build, { throwIfNoEntry: false })?.mtimeMs ?? Infinity);
    if (age > OLD_BUILD_MS) fs.rmSync(build, { recursive: true, force: true });
  }
}
