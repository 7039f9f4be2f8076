/** What Part 8 says about firewalls, measured: in a network namespace of our own, with a server behind each rule. */
import { spawnSync } from "node:child_process";
import path from "node:path";
import { expect, test } from "vitest";
import { findProgram } from "../../src/lab/find-program";

const SCANNER = path.resolve("dist", "port_scanner.mjs");
const SCRIPT = `
ip link set lo up
nft add table ip lab
nft 'add chain ip lab in { type filter hook input priority 0; }'
nft add rule ip lab in tcp dport 9001 drop
nft add rule ip lab in tcp dport 9002 reject with tcp reset
nft add rule ip lab in tcp dport 9003 reject with icmp type port-unreachable
nft add rule ip lab in tcp dport 9004 reject with icmp type admin-prohibited
exec "$0" -e '
  const net = require("node:net");
  const ports = [9000, 9001, 9002, 9003, 9004];
  let listening = 0;
  for (const port of ports) net.createServer((client) => client.on("error", () => {})).listen(port, "127.0.0.1", () => {
    if (++listening < ports.length) return;
    const args = [process.argv[1], "127.0.0.1", "--ports", "9000-9005", "--timeout", "200", "--json", "--no-banners"];
    require("node:child_process").execFile(process.execPath, args, (error, out) => {
      console.log(out);
      process.exit(error ? 1 : 0);
    });
  });' "$1"`;

const folders = [...(process.env.PATH ?? "").split(":"), "/usr/sbin", "/sbin"];
const possible =
  ["unshare", "ip", "nft"].every((name) => findProgram([name], folders)) &&
  spawnSync("unshare", ["-rn", "true"]).status === 0;

test.skipIf(!possible && !process.env.CI)(
  "a firewall that rejects looks closed, one that drops looks filtered",
  () => {
    const inNamespace = ["-rn", "sh", "-c", SCRIPT, process.execPath, SCANNER];
    const env = { ...process.env, PATH: folders.join(":") };
    const { stdout, stderr } = spawnSync("unshare", inNamespace, { encoding: "utf8", env });
    expect(stderr).toBe("");
    const [host] = JSON.parse(stdout).hosts;
    expect(host.open.map(({ port }: { port: number }) => port)).toEqual([9000]);
    const { filtered, closed, unreachable } = host;
    expect({ filtered, closed, unreachable }).toEqual({
      filtered: "9001",
      closed: "9002-9003,9005",
      unreachable: "9004",
    });
  },
);
