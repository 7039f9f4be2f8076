/** What can be done with versions: compare them, go back to one, and end with a deletion. */
import type { Step } from "../../judging/judge";
import type { Hints } from "../../judging/step-failure";
import { everyConfig } from "./lists";
import { expectProblem, expectStatus, get, JSON_TYPE, pathOf, put, send, wrong } from "./requests";

const DIFF: Hints = [
  "What has changed? Nobody wants to find that out line by line.",
  "GET /configs/{device}/diff?from=1&to=2 answers 200 with a unified diff: a hunk @@ -1,2 +1,2 @@, - before what is gone, + before what is new, a blank before what is the same.",
  "`unifiedDiff(...texts, { oldName, newName, show })` of ./src/diff/unified, with the texts of the two versions",
];
const BACK: Hints = [
  "Going back is a change like any other.",
  'POST /configs/{device}/rollback with {"to": 1} puts the content of version 1 again, as a new version, and answers 200.',
  "`const { chosen } = chosenVersion(store, device, await request.json())`, `store.read(device, chosen)`, then `store.put(device, bytes, ...)`",
];
const GONE: Hints = [
  "A device that has been taken out of the network has no configuration any more; what it had is history.",
  "DELETE answers 204. After that GET is 404, and so is a second DELETE; the earlier versions can still be read.",
  "`currentOf(store, device)` throws the 404; then `await store.delete(device, conditionsOf(request))` and `response(204)`",
];

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
        throw wrong(second, "Expected version 2 to be there still, and it is not.", [
          "What was a mistake has happened all the same.",
          "A rollback takes nothing away: it adds a version that is equal to an earlier one.",
          "`store.put(device, bytes, ...)` with the bytes of the earlier version",
        ]);
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
