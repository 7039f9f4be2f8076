import { expect, test } from "vitest";
import { UsageError } from "../../src/program/failures";
import { checkedScan, type ScannerOptions } from "../../src/scan/command-line";
import { requirePermission, staysHere } from "../../src/scan/permission";

const OWN = ["127.0.0.1", "192.168.1.5", "203.0.113.7", "::1", "fe80::1", "fd00::5"];

test.each(["127.0.0.1", "127.8.9.10", "::1", "0.0.0.0", "::", "::ffff:127.0.0.1"])(
  "loopback %s needs no permission",
  (address) => {
    expect(staysHere(address, [])).toBe(true);
  },
);

test.each(["192.168.1.5", "fe80::1%eth0", "fd00::5", "fd00:0::0:5"])(
  "the private address %s of this machine needs no permission",
  (address) => {
    expect(staysHere(address, OWN)).toBe(true);
  },
);

test.each([
  ["192.168.1.6", "a neighbour"],
  ["203.0.113.7", "its own, but public"],
  ["192.0.2.1", "anybody"],
  ["2001:db8::1", "anybody"],
  ["128.0.0.1", "just past the loopback"],
  ["::ffff:192.0.2.1", "anybody, as IPv6"],
  ["fe80::2%eth0", "a neighbour on the link"],
])("%s (%s) needs permission", (address) => {
  expect(staysHere(address, OWN)).toBe(false);
  expect(() => requirePermission([{ address }], false, OWN)).toThrow(UsageError);
  expect(() => requirePermission([{ address }], true, OWN)).not.toThrow();
});

test("the refusal names the target, what is needed, and the flag that asserts it", () => {
  const targets = [
    { address: "127.0.0.1" },
    { address: "192.0.2.1", name: "shop.example" },
    { address: "192.0.2.2" },
  ];
  expect(() => requirePermission(targets, false, OWN)).toThrow(
    /^shop\.example \(192\.0\.2\.1\) and 1 more targets are not this machine: .*owner.*--i-have-permission$/,
  );
});

test("one foreign address in a block is enough to refuse it all", () => {
  const block = [{ address: "127.255.255.255" }, { address: "128.0.0.0" }];
  expect(() => requirePermission(block, false, OWN)).toThrow(/^128\.0\.0\.0 is not this machine/);
});

const OPTIONS: ScannerOptions = {
  ports: "22",
  timeout: 100,
  concurrency: undefined,
  rate: undefined,
  "no-banners": false,
  json: false,
  csv: false,
  "expect-open": false,
  "i-have-permission": false,
};

test("what counts is the address that a name leads to", async () => {
  const foreign = checkedScan(["localhost.example"], OPTIONS, async () => "192.0.2.1");
  await expect(foreign).rejects.toThrow(/^localhost\.example \(192\.0\.2\.1\) is not this machine/);
  const here = await checkedScan(["shop.example"], OPTIONS, async () => "127.0.0.1");
  expect(here.targets).toEqual([{ address: "127.0.0.1", name: "shop.example" }]);
  const permitted = { ...OPTIONS, "i-have-permission": true };
  expect((await checkedScan(["192.0.2.1"], permitted)).targets).toEqual([{ address: "192.0.2.1" }]);
});

test("this machine is asked with fewer probes at once than others, unless told otherwise", async () => {
  const permitted = { ...OPTIONS, "i-have-permission": true };
  const concurrency = async (target: string, options = permitted) =>
    (await checkedScan([target], options)).concurrency;
  expect(await concurrency("127.0.0.1")).toBe(64);
  expect(await concurrency("192.0.2.1")).toBe(500);
  expect(await concurrency("127.0.0.1", { ...permitted, concurrency: 7 })).toBe(7);
});

test("too many probes are refused before any is sent", async () => {
  const all = { ...OPTIONS, ports: "all" };
  await expect(checkedScan(["127.0.0.0/20"], all)).rejects.toThrow(/smaller pieces/);
  expect((await checkedScan(["127.0.0.0/25"], all)).ports).toHaveLength(65_535);
});

test("--json and --csv exclude each other", async () => {
  const both = { ...OPTIONS, json: true, csv: true };
  await expect(checkedScan(["127.0.0.1"], both)).rejects.toThrow(UsageError);
});
