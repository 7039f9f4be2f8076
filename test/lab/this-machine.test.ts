import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { describeFindings, type Finding, lookAtThisMachine } from "../../src/lab/this-machine";
import { listen } from "../../src/sockets/tcp";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "this-machine-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const named = (findings: Finding[], name: string) => findings.find((one) => one.name === name);

test("looks for Node, the three ports and every tool, in an order that stays", async () => {
  const findings = await lookAtThisMachine();
  expect(findings.map(({ name }) => name)).toEqual([
    "Node",
    "TCP 8080",
    "UDP 9090",
    "TCP 8000",
    "curl",
    "Apache",
    "Python",
    "nc",
    "screen",
    "logger",
  ]);
});

test("finds Node in the version that runs", async () => {
  const node = named(await lookAtThisMachine(), "Node");
  expect(node).toMatchObject({ ok: true, detail: process.versions.node });
});

test("finds a tool on the PATH and asks its version", async () => {
  const script = "#!/bin/sh\necho 'curl 99.1.2 (a test)'\n";
  await writeFile(join(folder, "curl"), script, { mode: 0o755 });
  expect(named(await lookAtThisMachine([folder]), "curl")).toMatchObject({
    ok: true,
    detail: "99.1.2",
  });
});

test("says how to get a tool that is missing, on three systems", async () => {
  const python = named(await lookAtThisMachine([folder]), "Python");
  expect(python).toMatchObject({ ok: false, detail: "not found" });
  const text = describeFindings(python ? [python] : []);
  expect(text).toMatch(/^no {3}Python/);
  expect(text).toContain("sudo apt-get install python3");
  expect(text).toContain("sudo dnf install python3");
  expect(text).toContain("xcode-select --install");
});

test("reports a lab port that another program holds, and that nothing needs doing", async () => {
  const holder = await listen({ port: 8000 }).catch(() => undefined);
  const port = named(await lookAtThisMachine(), "TCP 8000");
  await holder?.close();
  expect(port).toMatchObject({ ok: false, detail: "in use" });
  expect(describeFindings(port ? [port] : [])).toContain("cells take another port");
});
