import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { affordableSockets, descriptorLimit } from "../../src/scan/descriptors";
import { bundled } from "../support/bundled";

test.each([
  ["as many as wanted when there is room", 500, 20_000, 30, 500],
  ["as many as wanted where there is no limit", 500, Number.POSITIVE_INFINITY, 30, 500],
  ["what is left beside open files and a reserve", 5_000, 1_024, 30, 930],
  ["half of the room when it is small", 500, 64, 24, 20],
  ["one at least", 500, 20, 24, 1],
])("%s", (_what, wanted, limit, open, sockets) => {
  expect(affordableSockets(wanted, limit, open)).toBe(sockets);
});

test("the limit is that of the process, not the machine's", async () => {
  const script = await bundled(
    'import { descriptorLimit } from "./src/scan/descriptors"; console.log(descriptorLimit());',
  );
  const shell = 'ulimit -n 77 && exec "$0" "$1"';
  const { stdout } = spawnSync("sh", ["-c", shell, process.execPath, script], { encoding: "utf8" });
  expect(stdout.trim()).toBe("77");
  expect(descriptorLimit()).toBeGreaterThan(77);
});
