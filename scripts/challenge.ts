/** `npm run challenge`: lists what can be practised, and makes the learner's blank copies. */

import { createInterface } from "node:readline/promises";
import { UsageError } from "../src/program/failures";
import { print } from "../src/program/print";
import { runCommand } from "../src/tools/notebook/command";
import { challengeList, startChallenge } from "../src/tools/practice/challenge-command";
import { practiceNamed } from "../src/tools/practice/copies/copies";
import { JUDGES } from "../src/tools/practice/judges/all";

const HELP = `Usage: npm run challenge [-- PART [--reset [--yes]]]

Lists the exercises and challenges, or makes your blank copy of one in the folder practice/:
  npm run challenge                      what there is, and how far you are
  npm run challenge -- 06                your copy of Part 6; one that is there already stays as it is
  npm run challenge -- 06 --reset        a new blank copy; asks first, and keeps the old one
  npm run challenge -- 06 --reset --yes  the same without asking`;

const shape = { help: HELP, positionals: "any", flags: ["reset", "yes"] } as const;

await runCommand(shape, async ({ positionals, flags }) => {
  const root = process.cwd();
  const [name, ...more] = positionals;
  if (more.length > 0) throw new UsageError("Name one part");
  if (name === undefined) {
    if (flags.size > 0) throw new UsageError("Name the part whose copy must start again");
    for (const line of await challengeList(root)) print(line);
    return 0;
  }
  return startChallenge(root, await practiceNamed(root, name, JUDGES), {
    reset: flags.has("reset"),
    confirm: flags.has("yes") ? async () => true : process.stdin.isTTY ? ask : undefined,
    print,
  });
});

async function ask(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} (y/n) `)).trim());
  } catch {
    return false; // Ctrl+C or Ctrl+D: no
  } finally {
    terminal.close();
  }
}
