/** What can be done with versions: compare them, go back to one, and end with a deletion. */

import type { Step } from "../../judging/judge";
import { BACK, DIFF, GONE, ROLLBACK } from "./hints";
import { everyConfig } from "./lists";
import { expectProblem, expectStatus, get, JSON_TYPE, pathOf, put, send, wrong } from "./requests";

export const CHANGES: readonly Step[] = [
  {
    name: "shows what changed between two versions, as a unified diff",
    edit: "config_reads",
    async run(context) {
      const [device, word] = [context.randomWord(), context.randomWord()];
      await put(context, device, `mtu 1500\n${word}\n`);
      await put(context, device, `mtu 9000\n${word}\n`);
      const diff = await get(context, `${pathOf(device)}/diff?from=1&to=2`);
      expectStatus(diff, 200, DIFF);
      const wanted = `@@ -1,2 +1,2 @@\n-mtu 1500\n+mtu 9000\n ${word}\n`;
      if (diff.body.includes(wanted)) return;
      throw wrong(
        diff,
        `Expected a diff with ${JSON.stringify(wanted)}, and got another text.`,
        DIFF,
      );
    },
  },
  {
    name: "makes an earlier version the current one again",
    edit: "config_changes",
    async run(context) {
      const [device, text] = [context.randomWord(), `${context.randomWord()}\n`];
      await put(context, device, text);
      await put(context, device, "a mistake\n");
      const back = await send(context, "POST", `${pathOf(device)}/rollback`, {
        body: '{"to": 1}',
        fields: JSON_TYPE,
      });
      expectStatus(back, 200, BACK);
      const now = await get(context, pathOf(device));
      if (now.body !== text)
        throw wrong(
          now,
          "Expected the content of version 1 after the rollback, and got another.",
          BACK,
        );
      const second = await get(context, `${pathOf(device)}/versions/2`);
      if (second.body !== "a mistake\n") {
        throw wrong(second, "Expected version 2 to be there still, and it is not.", ROLLBACK);
      }
    },
  },
  {
    name: "deletes, and keeps the versions",
    edit: "config_changes",
    async run(context) {
      const [device, text] = [context.randomWord(), `${context.randomWord()}\n`];
      await put(context, device, text);
      expectStatus(await send(context, "DELETE", pathOf(device)), 204, GONE);
      expectProblem(await get(context, pathOf(device)), 404, GONE);
      expectProblem(await send(context, "DELETE", pathOf(device)), 404, GONE);
      const { found, last } = await everyConfig(context);
      if (last && found.has(device))
        throw wrong(last, `Expected ${device} to be gone from the list, and it is there.`, GONE);
      const first = await get(context, `${pathOf(device)}/versions/1`);
      expectStatus(first, 200, GONE);
      if (first.body !== text)
        throw wrong(first, "Expected version 1 as it was, and got another text.", GONE);
    },
  },
];
