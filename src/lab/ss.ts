/** The system's table of TCP sockets, as `ss -tan` prints it. */
import { execFileSync } from "node:child_process";

/**
 * The rows of one port: state, bytes that wait to be received and sent, both addresses. `options`
 * go to `ss` too: `-o` for timers. One line that says so where the system has no `ss` (macOS).
 */
export function ss(port: number, ...options: readonly string[]): string {
  try {
    const filter = `( sport = :${port} or dport = :${port} )`;
    const table = execFileSync("ss", ["-tan", ...options, filter], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    const lines = table.trimEnd().split("\n");
    return lines.map((line) => line.replace(/ *Process *$/, "").trimEnd()).join("\n");
  } catch {
    return "There is no ss here. On macOS, netstat -an -p tcp shows the same table.";
  }
}
