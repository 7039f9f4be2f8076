/** What a test file opens for all its tests ends with the file. */
import { afterAll } from "vitest";

const END_MAX_MS = 60_000;
const endings: (() => unknown)[] = [];

/** Runs `end` after the file's last test; the last one registered first. */
export function atEndOfFile(end: () => unknown): void {
  endings.push(end);
}

/** For the set-up of each test file: files share modules, so a hook of a module is one of its first user alone. */
export function endWithFile(): void {
  afterAll(async () => {
    for (const end of endings.splice(0).reverse()) await end();
  }, END_MAX_MS);
}
