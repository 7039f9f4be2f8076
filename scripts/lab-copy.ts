/** A throwaway copy of the lab, for what edits notebooks or writes beside them. */
import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

export interface LabCopy {
  readonly root: string;
  remove(): void;
}

/** Copies all that git would keep of the lab in `root`. The packages are the same; their cache is the copy's own. */
export function copyLab(root: string): LabCopy {
  const copy = mkdtempSync(path.join(tmpdir(), "socket-lab-copy-"));
  const listed = execFileSync("git", ["ls-files", "-z", "-co", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
  });
  for (const file of listed
    .split("\0")
    .filter((name) => name && existsSync(path.join(root, name)))) {
    cpSync(path.join(root, file), path.join(copy, file), { preserveTimestamps: true });
  }
  const packages = path.join(root, "node_modules");
  mkdirSync(path.join(copy, "node_modules"));
  for (const name of readdirSync(packages)) {
    if (name.startsWith(".") && name !== ".bin") continue;
    symlinkSync(path.join(packages, name), path.join(copy, "node_modules", name));
  }
  return { root: copy, remove: () => rmSync(copy, { recursive: true, force: true }) };
}
