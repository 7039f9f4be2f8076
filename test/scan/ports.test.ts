import { expect, test } from "vitest";
import { UsageError } from "../../src/program/failures";
import { COMMON_PORTS, serviceName } from "../../src/scan/common-ports";
import { formatPorts, parsePorts } from "../../src/scan/ports";

test.each([
  ["22", [22]],
  ["22,80,8000-8003", [22, 80, 8000, 8001, 8002, 8003]],
  [" 80 , 22 ", [22, 80]],
  ["80,80,79-81", [79, 80, 81]],
  ["-3", [1, 2, 3]],
  ["65534-", [65534, 65535]],
])("--ports %s is %j, each port once, rising", (text, ports) => {
  expect(parsePorts(text)).toEqual(ports);
});

test("all and - are the 65,535 ports", () => {
  for (const text of ["all", "-", "1-65535"]) {
    const ports = parsePorts(text);
    expect([ports.length, ports[0], ports.at(-1)]).toEqual([65_535, 1, 65_535]);
  }
});

test("common has the ports of Part 1, of this lab, and many more; it mixes with others", () => {
  const ports = parsePorts("common");
  expect(ports).toEqual(expect.arrayContaining([22, 53, 80, 443, 514, 8000, 8080, 9090]));
  expect(ports.length).toBeGreaterThan(100);
  expect(parsePorts("common,1")).toEqual([1, ...ports]);
});

test("the table of common ports has each once, with a name", () => {
  const ports = COMMON_PORTS.map(({ port }) => port);
  expect(new Set(ports).size).toBe(ports.length);
  for (const { port, service } of COMMON_PORTS) {
    expect(port).toBeLessThanOrEqual(65_535);
    expect(service).toMatch(/^[a-z0-9][a-z0-9-]*$/);
  }
});

test("a port has the name of the service that is expected there, or none", () => {
  expect([22, 80, 443, 8080].map(serviceName)).toEqual(["ssh", "http", "https", "http-alt"]);
  expect(serviceName(65_432)).toBe("");
});

test.each(["", "0", "65536", "22,", "a", "1-x", "80-22", "1.5", "common ports", "toString", "-0"])(
  "--ports %j is refused",
  (text) => {
    expect(() => parsePorts(text)).toThrow(UsageError);
    expect(() => parsePorts(text)).toThrow(/^--ports: /);
  },
);

test("ports are written as ranges that can be read again", () => {
  expect(formatPorts([])).toBe("");
  expect(formatPorts([1, 2, 3, 22, 80, 81])).toBe("1-3,22,80-81");
  const ports = [1, 3, 4, 5, 9, 65_535];
  expect(parsePorts(formatPorts(ports))).toEqual(ports);
});
