/** No command lets text that is not the lab's own (an argument, a file, a peer) take the terminal over. */
import { cp } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { listen } from "../../../src/sockets/tcp";
import { bookCommand } from "../../../src/tools/book/command";
import { findNotebooks } from "../../../src/tools/notebook/files";
import { runHeadless } from "../../../src/tools/stepper/headless";
import { KERNEL_CHILD_DEADLINE_MS } from "../../support/child";
import { type LabFolder, labFolder } from "../notebook/support/lab-folder";
import { ATTACK, expectHarmless } from "./attacks";
import { fakeKernels } from "./fake-kernels";
import { type Ended, heard, runHere } from "./in-process";
import { REPOSITORY } from "./support";

/** A command loads all that it needs, on a machine that does other things too. */
const TIMEOUT = { timeout: 2 * KERNEL_CHILD_DEADLINE_MS };

/** A file name can hold all of it but the slash. */
const EVIL = `05-${ATTACK}`;

function expectHarmlessButSaid({ stdout, stderr }: Ended): void {
  expectHarmless(stdout);
  expectHarmless(stderr);
  expect(stdout + stderr).toMatch(/52;c;cm0gLXJm|\\u001b/); // it was shown, so it was not just left out
}

async function labOfPartSix(): Promise<LabFolder> {
  const lab = await labFolder();
  const part = "notebooks/06-http-server-challenge.ipynb";
  await cp(path.join(REPOSITORY, part), lab.path(part));
  return lab;
}

describe("a command that is given hostile words", () => {
  it.each([
    ["start", ATTACK],
    ["start", `practice/${ATTACK}`],
    ["start", `--${ATTACK}`],
    ["notebooks", ATTACK],
    ["program", ATTACK],
    ["check", ATTACK],
    ["check", "06", "--server", ATTACK],
    ["challenge", ATTACK],
    ["progress", "--verify", ATTACK],
    ["extract", ATTACK],
    ["setup", ATTACK],
    ["jupyter", ATTACK],
    ["jupyter", "--port", ATTACK],
    ["soak", ATTACK],
    ["fuzz", ATTACK],
    ["bench", ATTACK],
  ])("%s says what is wrong with them, and they do nothing", TIMEOUT, async (name, ...args) => {
    const lab = await labFolder({ "01-one": "%% code one\n1", "06-server": "" });
    expectHarmlessButSaid(await runHere(lab.root, name, ...args));
  });
});

describe("a command that meets hostile files", () => {
  it.each(["start", "notebooks", "extract", "typecheck"])(
    "%s names a notebook with a hostile name",
    TIMEOUT,
    async (name) => {
      const lab = await labFolder();
      await lab.write(`notebooks/${EVIL}.ipynb`, `{"${ATTACK}`);
      expectHarmlessButSaid(await runHere(lab.root, name));
    },
  );

  it("book names one, and an argument too many", async () => {
    const lab = await labFolder();
    await lab.write(`notebooks/${EVIL}.ipynb`, `{"${ATTACK}`);
    for (const args of [[], [ATTACK]]) {
      expectHarmlessButSaid(
        await heard(async () => {
          const write = (text: string | Uint8Array) => printed.push(String(text));
          const printed: string[] = [];
          const status = await bookCommand(lab.root)(args, {
            stdout: { write },
            stderr: { write },
          });
          console.log(printed.join(""));
          return status;
        }),
      );
    }
  });

  it("extract shows a program that does not compile", async () => {
    const lab = await labFolder({ "01-one": `%% code one\n/** @module one */\nconst "${ATTACK}` });
    expectHarmless((await runHere(lab.root, "extract")).stderr);
  });

  it("start without a terminal shows an error's name, message and stack", async () => {
    const lab = await labFolder({ "01-one": "%% code fails\nfail" });
    const { start } = fakeKernels({
      ename: ATTACK,
      evalue: `${ATTACK}\n${ATTACK}`,
      traceback: [`${ATTACK}: ${ATTACK}`, `    at ${ATTACK} (cell:1:1)`],
    });
    const files = await findNotebooks(lab.root, []);
    expectHarmlessButSaid(await heard(() => runHeadless(lab.root, files, start)));
  });

  it("progress shows a report and a record that were written by others", async () => {
    const lab = await labOfPartSix();
    await lab.write("report.md", ATTACK);
    expectHarmless((await runHere(lab.root, "progress", "--verify", "report.md")).stderr);
    await lab.write("practice/progress.json", ATTACK);
    const { stdout, stderr } = await runHere(lab.root, "progress");
    expectHarmless(stdout + stderr);
  });
});

it("check shows what a hostile server answers", TIMEOUT, async () => {
  const lab = await labOfPartSix();
  const server = await listen({ port: 0 });
  const answering = (async () => {
    for await (const client of server) {
      await client.recv(1024);
      await client.send(`HTTP/1.1 200 ${ATTACK}\r\nX-${ATTACK}: 1\r\n\r\n${ATTACK}`);
      client.close();
    }
  })();
  const { port } = server.local;
  expectHarmlessButSaid(await runHere(lab.root, "check", "06", "--server", `127.0.0.1:${port}`));
  server.close();
  await answering;
});
