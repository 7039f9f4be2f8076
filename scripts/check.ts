/** `npm run check`: judges a learner's copy of a part, or a server in any language. */
import path from "node:path";
import { runCommand, USAGE_EXIT_STATUS } from "../src/notebook/command";
import { parseAddress } from "../src/practice/address";
import { type CheckRequest, runCheck } from "../src/practice/check-command";
import { copyTime, practiceOf } from "../src/practice/copies";
import { findJudge, JUDGES } from "../src/practice/judges";
import { checkOnSave } from "../src/practice/watch";
import { INTERRUPTED_STATUS } from "../src/stepper/endings";
import { colourDepth, stylesFor } from "../src/stepper/palette";

const HELP = `Usage: npm run check -- PART [--hint] [--further] [--watch] [--server HOST:PORT]

Judges your copy of a part, step by step up to the first that fails (npm run challenge makes the copy):
  npm run check -- 06                          your copy of Part 6
  npm run check -- 06 --hint                   one more hint for the step that fails
  npm run check -- 06 --watch                  again whenever you save it
  npm run check -- 06 --further                also what goes beyond the part
  npm run check -- 06 --server 127.0.0.1:9000  a server of yours that runs there, in any language

Parts: ${JUDGES.map(({ part, task }) => `${part} ${task}`).join("; ")}
Exit status: 0 all steps passed, 1 one failed, 2 bad usage.`;

const shape = {
  help: HELP,
  positionals: "any",
  flags: ["hint", "further", "watch"],
  values: ["server"],
} as const;

await runCommand(shape, async ({ positionals, flags, values }) => {
  const wrong = (text: string): number => {
    console.error(`${text}\n\n${HELP}`);
    return USAGE_EXIT_STATUS;
  };
  const [name, ...more] = positionals;
  if (name === undefined || more.length > 0) return wrong("Name one part.");
  const judge = findJudge(name);
  if (!judge) return wrong(`Nothing can be practised in "${name}".`);
  const serverText = values.get("server");
  const server = serverText === undefined ? undefined : parseAddress(serverText);
  if (serverText !== undefined) {
    if (!server)
      return wrong(`A server is a host and a port, such as 127.0.0.1:9000, not "${serverText}".`);
    if (!judge.remote)
      return wrong(`Part ${Number(judge.part)} is judged by your copy alone: it has no --server.`);
    if (flags.has("watch"))
      return wrong("--watch waits for your copy to be saved; with --server nothing is.");
  }
  const root = process.cwd();
  const practice = await practiceOf(root, judge);
  if (!server && !(await copyTime(root, practice))) {
    console.error(
      `Part ${Number(judge.part)} is not begun: npm run challenge -- ${judge.part} makes your copy.`,
    );
    return 1;
  }
  const interrupted = new AbortController();
  process.once("SIGINT", () => interrupted.abort());
  process.once("SIGTERM", () => interrupted.abort());
  const { stdout, env } = process;
  const depth = stdout.isTTY ? colourDepth(env, stdout.getColorDepth(env)) : 0;
  const styles = stylesFor({ depth, background: undefined }, false);
  const output = { print: (line: string) => console.log(line), styles };
  const request: CheckRequest = {
    practice,
    further: flags.has("further"),
    hint: flags.has("hint"),
    signal: interrupted.signal,
    ...(server && { server }),
  };
  try {
    if (!flags.has("watch")) return (await runCheck(root, request, output)) ? 0 : 1;
    let hint = flags.has("hint");
    await checkOnSave(path.join(root, practice.copy), interrupted.signal, async (signal) => {
      if (stdout.isTTY) stdout.write("\x1b[H\x1b[2J");
      await runCheck(root, { ...request, signal, hint }, output);
      hint = false;
      output.print(styles.muted(`\nWaiting for ${practice.copy} to be saved. Ctrl+C leaves.`));
    });
    return INTERRUPTED_STATUS;
  } catch (error) {
    if (!interrupted.signal.aborted) throw error;
    return INTERRUPTED_STATUS;
  } finally {
    await (await import("esbuild")).stop();
  }
});
