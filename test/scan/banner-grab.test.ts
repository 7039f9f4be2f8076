import { expect, test } from "vitest";
import { grabBanners } from "../../src/scan/banner-grab";
import type { HostReport, ScanReport } from "../../src/scan/report";

const host = (address: string, ...ports: number[]): HostReport => ({
  address,
  open: ports.map((port) => ({ port, service: "" })),
  closed: [1],
  filtered: [],
  unreachable: [],
  unasked: [],
});
const report = (...hosts: HostReport[]): ScanReport => ({ hosts, finished: true, elapsedMs: 1 });

test("each open port of each address gets its own banner, and the rest stays", async () => {
  const found = report(host("127.0.0.1", 22, 80), host("127.0.0.2", 22));
  const grabbed = await grabBanners(found, async (address, port) => ({
    banner: `${address}:${port}`,
  }));
  expect(grabbed.hosts.map(({ open }) => open.map(({ banner }) => banner))).toEqual([
    ["127.0.0.1:22", "127.0.0.1:80"],
    ["127.0.0.2:22"],
  ]);
  expect(grabbed.hosts[0]).toMatchObject({ closed: [1] });
  expect(grabbed).toMatchObject({ finished: true, elapsedMs: 1 });
});

test("never more are asked at once than allowed", async () => {
  let [asking, most] = [0, 0];
  const grab = async () => {
    asking += 1;
    most = Math.max(most, asking);
    await new Promise(setImmediate);
    asking -= 1;
    return {};
  };
  await grabBanners(report(host("127.0.0.1", 1, 2, 3, 4, 5, 6, 7)), grab, undefined, 3);
  expect(most).toBe(3);
});

test("an aborted signal ends it, and what was learned before stays", async () => {
  const controller = new AbortController();
  const asked: number[] = [];
  const grab = async (_address: string, port: number) => {
    asked.push(port);
    controller.abort();
    return { banner: "first" };
  };
  const found = report(host("127.0.0.1", 1, 2, 3));
  const { hosts } = await grabBanners(found, grab, controller.signal, 1);
  expect(asked).toEqual([1]);
  expect(hosts[0]?.open.map(({ banner }) => banner)).toEqual(["first", undefined, undefined]);
});
