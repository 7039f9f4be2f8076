/** Programs that misbehave under a check: what the learner is told, and that nothing is left running. */
import { createServer } from "node:net";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { extractCopies, PRACTICE_PROGRAMS_FOLDER } from "../../../src/tools/notebook/extract";
import { type CheckOptions, check } from "../../../src/tools/practice/judging/check";
import type { Judge, Step, StepContext } from "../../../src/tools/practice/judging/judge";
import { sendRequest } from "../../../src/tools/practice/peers/http-exchange";
import { expectResponse } from "../../../src/tools/practice/peers/http-faults";
import { open } from "../../../src/tools/practice/peers/tcp-connection";
import { labFolder, notebookText } from "../notebook/support/lab-folder";
import { isRunning } from "../stepper/support/session";

const SERVER = `import { createServer } from "node:net";
const server = createServer((socket) => socket.on("error", () => {}).end());
`;
/** Listens on a port of the system's, says where, and which process it is. */
const LISTENS = `${SERVER}
export const main = () => {
  server.listen(0, "127.0.0.1", () => console.log(\`listening on 127.0.0.1:\${(server.address() as any).port} pid \${process.pid}\`));
};`;

const step = (run: (context: StepContext) => Promise<void>): Step => ({
  name: "works",
  edit: "it",
  run,
});

/** A process can take seconds to start where many do. */
const BUSY = { startMs: 60_000, untilMs: 60_000, stepMs: 60_000 };

/** Checks a program with one step. */
async function checked(
  program: string,
  run: (context: StepContext) => Promise<void>,
  options: CheckOptions = {},
) {
  const lab = await labFolder();
  await lab.write(
    "practice/01-it.ipynb",
    notebookText(`%% code the-cell\n/** @module it */\n${program}\n`),
  );
  const { errors } = await extractCopies(lab.root);
  expect(errors).toEqual([]);
  const judge: Judge = {
    part: "01",
    kind: "exercise",
    task: "something",
    programs: ["it"],
    steps: [step(run)],
  };
  const programs = path.join(lab.root, PRACTICE_PROGRAMS_FOLDER);
  return check(judge, { programs }, { ...options, limits: { ...BUSY, ...options.limits } });
}

const justStart = async (context: StepContext): Promise<void> => void (await context.server());

describe("a program under a check", { timeout: 180_000 }, () => {
  it("that says nothing is given up", async () => {
    const silent = "export const main = () => void setInterval(() => {}, 1000);";
    const { failure } = await checked(silent, justStart, { limits: { startMs: 400 } });
    expect(failure?.what).toBe("it was to say where it listens, and has not done so after 0.4 s.");
  });

  it("that crashes shows its error, with the cell and the line", async () => {
    const { failure } = await checked(
      'export const main = () => {\n  throw new Error("oh no");\n};',
      justStart,
    );
    expect(failure?.what).toBe("it was to say where it listens, and ended first (exit status 1).");
    expect(failure?.transcript).toContain("! Error: oh no");
    expect(failure?.replay).toBe("npm run program -- practice/it --port 0");
  });

  it("that insists on a port in use says so", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => taken.once("listening", resolve));
    onTestFinished(() => void taken.close());
    const { port } = taken.address() as { port: number };
    const { failure } = await checked(
      `${SERVER}export const main = () => void server.listen(${port}, "127.0.0.1");`,
      justStart,
    );
    expect(failure?.transcript).toMatch(/! .*EADDRINUSE/);
  });

  it("that ends in the middle is said to have ended", async () => {
    const { failure } = await checked(
      LISTENS.replace('socket.on("error", () => {}).end()', "process.exit(3)"),
      async (context) => {
        expectResponse(await sendRequest(await context.server(), "GET / HTTP/1.1\r\n\r\n"));
      },
    );
    expect(failure?.what).toMatch(/without a word\.\nit has ended \(exit status 3\)\.$/);
    expect(failure?.start).toBe("npm run program -- practice/it --port 8000");
  });

  it("is given up with a step that takes too long", async () => {
    const { failure } = await checked(LISTENS, () => new Promise(() => {}), {
      limits: { stepMs: 50 },
    });
    expect(failure?.what).toBe("The step was not over after 0.05 s.");
  });

  it("is ended with its step, also when the learner interrupts it or the judge has a bug", async () => {
    const pidIn = (text: string) => Number(/pid (\d+)/.exec(text)?.[1]) || undefined;
    /** The server, and two programs that the step has started itself. */
    const started = async (context: StepContext): Promise<(number | undefined)[]> => {
      const connection = await open(await context.server());
      context.after(() => connection.close());
      const own = [await context.start("it"), await context.run("it")];
      const pids = own.map((running) => running.until(pidIn, "its pid"));
      return [pidIn(context.output()?.stdout ?? ""), ...(await Promise.all(pids))];
    };
    const pids: (number | undefined)[] = [];
    const interrupted = new AbortController();
    const stopped = checked(
      LISTENS,
      async (context) => {
        pids.push(...(await started(context)));
        interrupted.abort(new Error("Ctrl+C"));
        await new Promise(() => {});
      },
      { signal: interrupted.signal },
    );
    await expect(stopped).rejects.toThrow("Ctrl+C");
    const bug = checked(LISTENS, async (context) => {
      pids.push(...(await started(context)));
      throw new TypeError("a bug of the judge");
    });
    await expect(bug).rejects.toThrow(
      'The judge itself failed at the step "works" (a bug of the judge). This is no fault of your program',
    );
    expect(pids).toEqual(Array(6).fill(expect.any(Number)));
    expect(pids.filter((pid = 0) => isRunning(pid))).toEqual([]);
  });
});
