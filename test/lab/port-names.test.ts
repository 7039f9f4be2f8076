import { expect, test } from "vitest";
import { parseServices, portName } from "../../src/lab/port-names";

test("reads the format of the services file: comments, aliases, both protocols", () => {
  const names = parseServices(
    "# a comment\n\nssh\t\t22/tcp\t\t\t# SSH Remote Login\nwww 80/tcp http\nweb 80/tcp\n" +
      "shell 514/tcp cmd\nsyslog\t514/udp\nbroken\nworse x/tcp\r\n",
  );
  expect([...names]).toEqual([
    ["22/tcp", "ssh"],
    ["80/tcp", "www"],
    ["514/tcp", "shell"],
    ["514/udp", "syslog"],
  ]);
});

test("knows the lab's well-known ports on every machine", () => {
  const known = ([22, 53, 80, 443] as const).map((port) => portName(port, "tcp"));
  expect(known).toEqual(["ssh", "domain", "http", "https"]);
});

test("tells a TCP port from the UDP port with the same number", () => {
  expect(portName(514, "tcp")).toBe("shell");
  expect(portName(514, "udp")).toBe("syslog");
});

test("has no name for a port that nobody registered", () => {
  expect(portName(65_535, "tcp")).toBeUndefined();
});
