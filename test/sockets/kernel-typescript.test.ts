import { readdirSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { KERNEL_TYPESCRIPT_VERSION, strictDiagnostics } from "../support/kernel-typescript";

const root = path.resolve(import.meta.dirname, "../..");

/** What cells import: the kernel compiles it with a TypeScript of its own. */
const FOLDERS = ["sockets", "program", "http", "store", "diff", "scan"];

it(`src/{${FOLDERS}} compile strictly with the kernel's TypeScript 5.0`, () => {
  expect(KERNEL_TYPESCRIPT_VERSION).toMatch(/^5\.0\./);
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(path.join(root, "src", folder)).map((file) => path.join(root, "src", folder, file)),
  );
  expect(strictDiagnostics(files)).toBe("");
}, 60_000);
