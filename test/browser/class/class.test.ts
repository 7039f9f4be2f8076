/** Ten learners in a real JupyterHub on this host, at the same time. */
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { PYTHON_TOOLS } from "../../../scripts/python-tools";
import { unusedPort } from "../../../src/lab/unused-port";
import type { LiveOutput } from "../../../src/tools/notebook/coalesce";
import { type Child, startChild } from "../../support/child";
import { differences } from "../compare-run";
import { memoryBelow } from "./memory";

const LEARNERS = Array.from({ length: 10 }, (_, at) => `learner-${at + 1}`);
const PARTS = ["02-tcp", "03-udp", "06-http-server-challenge"];
const CLASS_MAX_MS = 600_000;
const HUB_START_MAX_MS = 60_000;
const HUB_END_MAX_MS = 60_000;
const PYTHON = path.join(PYTHON_TOOLS, "python");

test(
  "ten learners run Parts 2, 3 and 6 at the same time without a clash",
  async () => {
    const state = await mkdtemp(path.join(tmpdir(), "socket-lab-class-"));
    onTestFinished(() => rm(state, { recursive: true, force: true }));
    const { hub, url, token } = await startHub(state);
    const learners = startChild(PYTHON, [
      path.join(import.meta.dirname, "learners.py"),
      url,
      token,
      LEARNERS.join(","),
      PARTS.join(","),
    ]);
    await learners.line(/"event": "done"/, CLASS_MAX_MS);
    const ran = eventsOf(learners).filter((event) => event.event === "ran");
    const problems = await Promise.all(ran.map(problemOf));
    expect(problems.filter(Boolean)).toEqual([]);
    expect(ran.length).toBe(LEARNERS.length * PARTS.length);

    // All is still there: what a learner costs can be seen now.
    const held = memoryBelow(hub.pid);
    const share = (pattern: RegExp) => held.filter(({ command }) => pattern.test(command));
    const mebibytes = (some: typeof held) =>
      Math.round(some.reduce((sum, { bytes }) => sum + bytes, 0) / 2 ** 20);
    const [servers, kernels] = [share(/jupyterhub\.singleuser/), share(/kernel\.mjs/)];
    expect(servers.length).toBe(LEARNERS.length);
    expect(kernels.length).toBe(ran.length);
    console.log(
      `memory: ${mebibytes(held)} MiB in all; a learner's server ${Math.round(mebibytes(servers) / servers.length)}, ` +
        `a kernel ${Math.round(mebibytes(kernels) / kernels.length)}`,
    );

    const homes = await readdir(path.join(state, "homes"));
    expect(homes.sort()).toEqual([...LEARNERS].sort());
    for (const name of homes) {
      expect(await readdir(path.join(state, "homes", name))).toEqual(["socket-lab"]);
    }
    learners.process.stdin.end();
    expect((await learners.end()).status).toBe(0);
    hub.kill("SIGTERM");
    expect((await hub.end(HUB_END_MAX_MS)).status).toBe(0);
  },
  CLASS_MAX_MS + HUB_START_MAX_MS,
);

async function startHub(state: string): Promise<{ hub: Child; url: string; token: string }> {
  const [port, hubPort, proxyPort] = await Promise.all([unusedPort(), unusedPort(), unusedPort()]);
  const token = "0123456789abcdef0123456789abcdef";
  const url = `http://127.0.0.1:${port}/`;
  const hub = startChild(
    PYTHON,
    [
      "-m",
      "jupyterhub",
      `--config=${path.join(import.meta.dirname, "hub_config.py")}`,
      `--JupyterHub.bind_url=${url}`,
      `--JupyterHub.hub_bind_url=http://127.0.0.1:${hubPort}/`,
      `--ConfigurableHTTPProxy.api_url=http://127.0.0.1:${proxyPort}/`,
    ],
    {
      cwd: state,
      env: {
        HUB_TOKEN: token,
        SOCKET_LAB_CLASS_STATE: state,
        SOCKET_LAB_CLASS_URL: `http://localhost:${port}`,
        SOCKET_LAB_CLASS_PASSWORD: "only for the test",
      },
    },
  );
  // Killed, it would leave every learner's server behind.
  onTestFinished(async () => {
    hub.kill("SIGTERM");
    await hub.end(HUB_END_MAX_MS);
  }, HUB_END_MAX_MS);
  hub.process.stdin.end();
  await hub.until(
    () => (hub.stderr.includes("JupyterHub is now running at") ? true : undefined),
    "that it runs",
    HUB_START_MAX_MS,
  );
  return { hub, url, token };
}

interface ClassEvent {
  readonly event: "started" | "ran" | "done";
  readonly learner: string;
  readonly part: string;
  readonly status: string;
  readonly outputs: Readonly<Record<string, readonly LiveOutput[]>>;
}

function eventsOf(learners: Child): ClassEvent[] {
  return learners.stdout
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as ClassEvent);
}

/** What is wrong with a part that a learner ran: a cell that failed, or printed something else than is stored. */
async function problemOf({ learner, part, status, outputs }: ClassEvent): Promise<string> {
  const file = `notebooks/${part}.ipynb`;
  if (status !== "ok") return `${learner}: ${file}#${status}`;
  const different = await differences(file, (cell) => outputs[cell] ?? []);
  return different.map((text) => `${learner}: ${text}`).join("\n");
}
