import { expect, test } from "vitest";
import { browserCommand, openBrowser } from "../../src/lab/open-browser";

test.each([
  ["darwin", {}, ["open"]],
  ["win32", {}, ["cmd", "/c", "start", ""]],
  ["linux", { DISPLAY: ":0" }, ["xdg-open"]],
  ["linux", { WAYLAND_DISPLAY: "wayland-0" }, ["xdg-open"]],
  ["linux", {}, undefined],
  ["linux", { BROWSER: "firefox" }, ["firefox"]],
] as const)("on %s with %j the command is %j", (platform, env, command) => {
  expect(browserCommand(env, platform)).toEqual(command);
});

const LONG_MS = 60_000;
const node = (code: string) =>
  openBrowser([process.execPath, "-e", code], "target", process.env, LONG_MS);

test("a command that ends well has opened it", async () => {
  expect(await node("process.exit(process.argv[1] === 'target' ? 0 : 1)")).toBeUndefined();
});

test("a command that fails is told with its status", async () => {
  expect(await node("process.exit(3)")).toBe("status 3");
});

test("a command that is not there is told", async () => {
  expect(await openBrowser(["no-such-browser"], "target", {}, LONG_MS)).toContain("ENOENT");
});
