/** Entity tags, and requests that hold only for the version that the client has seen (RFC 9110, section 13). */

import type { Step } from "../../judging/judge";
import {
  ANY_TAG,
  ENTITY_TAG,
  LOST,
  NONE_YET,
  NOT_MODIFIED,
  ONLY_NEW,
  OTHER_TAG,
  SAME,
  STALE_TAG,
} from "./hints";
import { expectProblem, expectStatus, get, pathOf, put, tagIn, wrong } from "./requests";

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
        throw wrong(
          now,
          `Expected another tag for another version, and it is ${first} still.`,
          ENTITY_TAG,
        );
      }
      if (tagIn(now) !== tagIn(second)) {
        throw wrong(
          now,
          `Expected the tag ${tagIn(second)}, as the PUT was answered, and the GET has ${tagIn(now)}.`,
          OTHER_TAG,
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
      expectStatus(other, 200, NOT_MODIFIED);
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
      if (winner < 0 && both[0]) expectStatus(both[0], 204, STALE_TAG);
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
      expectProblem(
        await put(context, context.randomWord(), "x", { "If-Match": "*" }),
        412,
        ANY_TAG,
      );
    },
  },
  {
    name: "replaces nothing when it is asked for a new one only: If-None-Match: *",
    edit: "config_conditions",
    async run(context) {
      const [device, text] = [context.randomWord(), context.randomWord()];
      expectStatus(await put(context, device, text, { "If-None-Match": "*" }), 201, NONE_YET);
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
