/** `config_client` where it reads lists: page after page, and again and again. */

import type { Step } from "../../judging/judge";
import type { Hints } from "../../judging/step-failure";
import { expectDone, failure, runClient } from "./client-run";
import { EVERY_PAGE, WATCH } from "./hints";
import { listPage, startScripted } from "./scripted-server";

export const CLIENT_LISTS: readonly Step[] = [
  {
    name: "has a client that turns every page of a list",
    edit: "config_paths",
    local: true,
    copy: true,
    async run(context) {
      const names = [context.randomWord(), context.randomWord(), context.randomWord()];
      const server = await startScripted(context, ({ line }) => {
        const after = /after=(\d)/.exec(line)?.[1];
        const at = after === undefined ? 0 : Number(after);
        return listPage(
          [names[at] ?? ""],
          at + 1 < names.length ? `/configs?after=${at + 1}` : undefined,
        );
      });
      const done = await runClient(context, server, "list");
      const hints: Hints = EVERY_PAGE;
      expectDone(done, hints);
      const missing = names.filter((name) => !done.stdout.includes(name));
      if (missing.length > 0) {
        throw failure(
          done,
          `Expected ${names.length} configurations on three pages, and ${missing.length} are missing.`,
          hints,
        );
      }
    },
  },
  {
    name: "has a client that watches: it tells what is created, changed and deleted",
    edit: "config_watch",
    local: true,
    copy: true,
    async run(context) {
      const [stays, comes] = [context.randomWord(), context.randomWord()];
      const looks = [
        listPage([stays]),
        listPage([stays, comes]),
        listPage([stays, comes], undefined, { [stays]: '"2"' }),
        listPage([comes]),
      ];
      let look = 0;
      const server = await startScripted(
        context,
        () => looks[Math.min(look++, looks.length - 1)] ?? { status: 500 },
      );
      const done = await runClient(context, server, "watch", "--interval", "20", "--count", "3");
      const hints: Hints = WATCH;
      expectDone(done, hints);
      const wanted = [
        [comes, "created"],
        [stays, "changed"],
        [stays, "deleted"],
      ];
      const lines = done.stdout.trimEnd().split("\n");
      for (const [i, [name = "", what = ""]] of wanted.entries()) {
        if (lines[i]?.includes(name) && lines[i]?.includes(what)) continue;
        throw failure(
          done,
          `Expected line ${i + 1} to say that ${name} was ${what}, and it says: ${lines[i] ?? "nothing"}.`,
          hints,
        );
      }
    },
  },
];
