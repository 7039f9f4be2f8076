/** Entity tags, and requests that hold only for the version that the client has seen (RFC 9110, section 13). */
import type { Step } from "../../judging/judge";
import type { Hints } from "../../judging/step-failure";
import { expectProblem, expectStatus, get, pathOf, put, tagIn, wrong } from "./requests";

const SAME: Hints = [
  "The client has this version already, and says so: why send it again?",
  "When If-None-Match of a GET names the current tag, the answer is 304 Not Modified: the tag, and no content. It may stand in a list, and W/ before it makes no difference here.",
  '`if (isNotModified(request, tag)) return response(304, "", fields)`, where `names(request, "If-None-Match", current, matchesWeakly) === true`',
];
const LOST: Hints = [
  "Two people have read the same version, and both save. Whose change is lost?",
  "If-Match says: only if it is still this one. Compare at the moment of the change, when nothing can come between; whoever comes second gets 412, and nothing is changed.",
  '`store.put(device, bytes, conditionsOf(request))`; there `names(request, "If-Match", current, matchesStrongly) === false` throws `new Problem(412, ...)`',
];
const ONLY_NEW: Hints = [
  "The client asked for it only if there is none yet.",
  "If-None-Match: * on a PUT means: make it, but replace nothing. When there is one, the answer is 412.",
  'After the look at GET and HEAD: `throw new Problem(412, ...)` where `names(request, "If-None-Match", ...)` is true',
];

export const CONDITIONS: readonly Step[] = [
  {
    name: "gives each version an entity tag of its own",
    edit: "config_conditions",
    async run(context) {
      const device = context.randomWord();
      const first = tagIn(await put(context, device, "mtu 1500\n"));
      const second = await put(context, device, "mtu 9000\n");
      const now = await get(context, pathOf(device));
      if (tagIn(second) === first || tagIn(now) === first) {
        throw wrong(now, `Expected another tag for another version, and it is ${first} still.`, [
          "A client that has the first version would take the second for the same.",
          "A tag has to change whenever the content does: make it of the version's number, of something random, or of a checksum of the bytes.",
          "`tagOf(version)`: it is made of the number and something random",
        ]);
      }
      if (tagIn(now) !== tagIn(second)) {
        throw wrong(
          now,
          `Expected the tag ${tagIn(second)}, as the PUT was answered, and the GET has ${tagIn(now)}.`,
          [
            "It is the same version: the client knows it by the tag that it got when it put it.",
            "Keep the tag with the version; do not make a new one for each answer.",
            "`tagOf(version)` for both",
          ],
        );
      }
    },
  },
  {
    name: "answers 304 to a GET for what the client has already",
    edit: "config_conditions",
    async run(context) {
      const device = context.randomWord();
      await put(context, device, "mtu 1500\n");
      const etag = tagIn(await get(context, pathOf(device)));
      for (const value of [etag, `W/${etag}`, `"x", ${etag}`, "*"]) {
        const same = await get(context, pathOf(device), { "If-None-Match": value });
        expectStatus(same, 304, SAME);
        if (tagIn(same) !== etag)
          throw wrong(same, `Expected the tag ${etag} with the 304, and got ${tagIn(same)}.`, SAME);
      }
      const other = await get(context, pathOf(device), { "If-None-Match": '"another"' });
      expectStatus(other, 200, [
        "The client has another version than there is now: it needs the content.",
        "304 is for a tag that is the current one; any other is answered with the whole.",
        "`wanted.some((tag) => same(tag, current))`",
      ]);
    },
  },
  {
    name: "lets nobody overwrite what they have not seen: 412",
    edit: "config_conditions",
    async run(context) {
      const device = context.randomWord();
      await put(context, device, "start\n");
      const etag = tagIn(await get(context, pathOf(device)));
      const texts = [context.randomWord(), context.randomWord()];
      const both = await Promise.all(
        texts.map((text) => put(context, device, text, { "If-Match": etag })),
      );
      const winner = both.findIndex(({ status }) => status === 204);
      const loser = both[1 - winner];
      if (winner < 0 && both[0])
        expectStatus(both[0], 204, [
          "The tag is the current one, so the PUT holds.",
          "412 is for a tag that is not the current one any more. A tag may stand in a list, and * means any version.",
          "`matchesStrongly(tag, current)`",
        ]);
      if (loser) expectProblem(loser, 412, LOST);
      const now = await get(context, pathOf(device));
      if (now.body !== texts[winner])
        throw wrong(
          now,
          "Expected the text of the one that was answered 204, and got another.",
          LOST,
        );
      for (const value of [etag, `W/${tagIn(now)}`])
        expectProblem(await put(context, device, "x", { "If-Match": value }), 412, LOST);
      expectProblem(await put(context, context.randomWord(), "x", { "If-Match": "*" }), 412, [
        "If-Match: * means any version that there is, and there is none.",
        "What does not exist matches nothing.",
        "`if (current === undefined) return false;`",
      ]);
    },
  },
  {
    name: "replaces nothing when it is asked for a new one only: If-None-Match: *",
    edit: "config_conditions",
    async run(context) {
      const [device, text] = [context.randomWord(), context.randomWord()];
      expectStatus(await put(context, device, text, { "If-None-Match": "*" }), 201, [
        "There is none yet, so the condition holds.",
        "If-None-Match: * refuses only where there is a version already.",
        "`if (current === undefined) return false;`",
      ]);
      expectProblem(await put(context, device, "other", { "If-None-Match": "*" }), 412, ONLY_NEW);
      const now = await get(context, pathOf(device));
      if (now.body !== text)
        throw wrong(
          now,
          "Expected what was there before the refusal, and it was replaced.",
          ONLY_NEW,
        );
    },
  },
];
