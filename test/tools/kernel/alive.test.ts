import { expect, onTestFinished, test, vi } from "vitest";
import { isAlive } from "../../../src/tools/kernel/alive";

function answerOfKill(code: string | undefined): void {
  const kill = vi.spyOn(process, "kill").mockImplementation(() => {
    if (code !== undefined) throw Object.assign(new Error(code), { code });
    return true;
  });
  onTestFinished(() => kill.mockRestore());
}

test("this process is alive", () => {
  expect(isAlive(process.pid)).toBe(true);
});

test.each([
  ["may be signalled", undefined, true],
  ["belongs to another user", "EPERM", true],
  ["is not there", "ESRCH", false],
])("a process that %s (%s)", (_what, code, alive) => {
  answerOfKill(code);
  expect(isAlive(4711)).toBe(alive);
});
