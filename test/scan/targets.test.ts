import { describe, expect, test, vi } from "vitest";
import { ProgramError, UsageError } from "../../src/program/failures";
import { TARGETS_MAX } from "../../src/scan/limits";
import { parseTargets, systemResolve } from "../../src/scan/targets";

const never = () => Promise.reject(new Error("nothing should be looked up"));
const addresses = async (...texts: string[]) =>
  (await parseTargets(texts, never)).map(({ address }) => address);

describe("targets", () => {
  test.each([
    ["192.168.1.7", ["192.168.1.7"]],
    ["::1", ["::1"]],
    ["[::1]", ["::1"]],
    ["fe80::1%eth0", ["fe80::1%eth0"]],
    ["10.0.0.0/30", ["10.0.0.0", "10.0.0.1", "10.0.0.2", "10.0.0.3"]],
    ["10.0.0.6/31", ["10.0.0.6", "10.0.0.7"]],
    ["10.0.0.7/31", ["10.0.0.6", "10.0.0.7"]],
    ["10.0.0.9/32", ["10.0.0.9"]],
    ["2001:db8::/126", ["2001:db8::", "2001:db8::1", "2001:db8::2", "2001:db8::3"]],
    ["192.168.1.10-12", ["192.168.1.10", "192.168.1.11", "192.168.1.12"]],
    ["10.0.0.255-10.0.1.1", ["10.0.0.255", "10.0.1.0", "10.0.1.1"]],
    ["::1-::3", ["::1", "::2", "::3"]],
  ])("%s is %j", async (text, expected) => {
    expect(await addresses(text)).toEqual(expected);
  });

  test("come in the order given, each address once", async () => {
    expect(await addresses("10.0.0.2", "10.0.0.1-3", "10.0.0.0/30")).toEqual([
      "10.0.0.2",
      "10.0.0.1",
      "10.0.0.3",
      "10.0.0.0",
    ]);
  });

  test("a host name is looked up once, and kept beside its address", async () => {
    const resolve = vi.fn(async () => "192.0.2.9");
    expect(await parseTargets(["printer.example"], resolve)).toEqual([
      { address: "192.0.2.9", name: "printer.example" },
    ]);
    expect(resolve).toHaveBeenCalledExactlyOnceWith("printer.example");
  });

  test("localhost is this machine, by the system's own resolver", async () => {
    const [target] = await parseTargets(["localhost"]);
    expect(["127.0.0.1", "::1"]).toContain(target?.address);
  });

  test.each([
    ["EAI_AGAIN", /No name server answered: check this machine's network, then try again\.$/],
    ["ENOTFOUND", /has no address\. Check the spelling\.$/],
  ])("a name that fails with %s is answered with what to do", async (code, advice) => {
    const fail = () => Promise.reject(Object.assign(new Error(code), { code }));
    const failing = fail as unknown as Parameters<typeof systemResolve>[1];
    await expect(systemResolve("printer.example", failing)).rejects.toThrow(advice);
    await expect(systemResolve("printer.example", failing)).rejects.toThrow(ProgramError);
  });

  test.each(["web-1", "10-1"])("a name with one dash, %s, is no range", async (name) => {
    const [target] = await parseTargets([name], async () => "192.0.2.1");
    expect(target).toEqual({ address: "192.0.2.1", name });
  });

  test("a block of 65,536 addresses is taken, one address more is not", async () => {
    expect(await addresses("10.1.0.0/16")).toHaveLength(65_536);
    await expect(parseTargets(["10.1.0.0/16", "10.2.0.0-0"], never)).rejects.toThrow(UsageError);
  });

  test("a name with digits and a dash is no range", async () => {
    const [target] = await parseTargets(["1-2.web-1.example"], async () => "192.0.2.1");
    expect(target?.name).toBe("1-2.web-1.example");
  });

  test.each([
    "",
    "10.0.0.0/33",
    "::1/129",
    "10.0.0.0/",
    "1.2.3",
    "1.2.3.999",
    "10.0.0.1-300",
    "10.0.0.1-x",
    "10.0.0.1-::1",
    "http://x",
    "a b",
    "-x",
    "x..y",
  ])("%j is refused by name, and never looked up", async (text) => {
    const wrong = parseTargets([text], never);
    await expect(wrong).rejects.toThrow(UsageError);
    await expect(wrong).rejects.toThrow(JSON.stringify(text));
  });

  test("a range backwards is refused", async () => {
    await expect(addresses("10.0.0.9-3")).rejects.toThrow(/10\.0\.0\.9-3 ends before it begins/);
  });

  test("a block that is too large is refused before it is counted out", async () => {
    await expect(addresses("10.0.0.0/8")).rejects.toThrow(`more than ${TARGETS_MAX} addresses`);
    await expect(addresses("::/0")).rejects.toThrow(/smaller pieces/);
    await expect(addresses("10.0.0.0/17", "10.1.0.0/16")).rejects.toThrow(UsageError);
    expect(await addresses("10.0.0.0/16")).toHaveLength(65_536);
  });

  test("a name that nobody has is told in one line", async () => {
    const wrong = parseTargets(["no-such-host.invalid"]);
    await expect(wrong).rejects.toThrow(ProgramError);
    await expect(wrong).rejects.toThrow(/no-such-host\.invalid has no address\. \w/);
  });
});
