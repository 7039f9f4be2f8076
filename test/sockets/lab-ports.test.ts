import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { labPort } from "../../src/sockets/lab-ports";
import { listen } from "../../src/sockets/tcp";
import { bind } from "../../src/sockets/udp";
import { closedPort } from "./support/connections";

describe("labPort", () => {
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  beforeEach(() => vi.stubEnv("SOCKET_LAB_PORTS", undefined));
  afterEach(() => {
    vi.unstubAllEnvs();
    log.mockClear();
  });

  it("is the preferred port when it is free, and leaves it free", async () => {
    const port = await closedPort();
    expect(await labPort(port)).toBe(port);
    await (await listen({ port })).close();
    expect(log).not.toHaveBeenCalled();
  });

  it.each([
    ["TCP", listen],
    ["UDP", bind],
  ])("is 0 when a %s socket has the port, and says so in one line", async (_name, open) => {
    const taken = await open({ port: 0 });
    const { port } = taken.local;
    expect(await labPort(port)).toBe(0);
    expect(log.mock.calls).toEqual([
      [`127.0.0.1:${port} is in use, so the system chooses a port.`],
    ]);
    await taken.close();
  });

  it("is always 0, silently, with SOCKET_LAB_PORTS=system", async () => {
    vi.stubEnv("SOCKET_LAB_PORTS", "system");
    expect(await labPort(await closedPort())).toBe(0);
    expect(log).not.toHaveBeenCalled();
  });

  it("rejects what is no port with a RangeError", async () => {
    await expect(labPort(70_000)).rejects.toThrow(RangeError);
  });
});
