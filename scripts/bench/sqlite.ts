// Gets SQLite for the bench, into .lab: its package compiles or downloads a binary, which `npm ci` should not.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { print } from "../../src/program/print";

const VERSION = "12.11.1";
const FOLDER = path.resolve(import.meta.dirname, "../../.lab/better-sqlite3");
const PACKAGE = path.join(FOLDER, "node_modules", "better-sqlite3");
const BINARY = path.join(PACKAGE, "build", "Release", "better_sqlite3.node");

/** The folder of better-sqlite3, installed when it is not there. @throws Error that says why it cannot be */
export function installSqlite(): string {
  if (existsSync(BINARY)) return PACKAGE;
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(path.join(FOLDER, "package.json"), '{ "private": true }\n');
  print(`installing better-sqlite3 ${VERSION} into .lab, once; it may have to be compiled`);
  const args = ["install", "--no-audit", "--no-fund", "--no-save", `better-sqlite3@${VERSION}`];
  const { status, error, stderr } = spawnSync("npm", args, { cwd: FOLDER, encoding: "utf8" });
  if (status === 0 && existsSync(BINARY)) return PACKAGE;
  const said = error?.message ?? stderr.trim().split("\n").slice(-3).join(" ");
  throw new Error(`better-sqlite3 ${VERSION} could not be installed: ${said}`);
}
