/** What the server tells of what it keeps: a list of configurations, and the versions of each. */

import type { Step, StepContext } from "../../judging/judge";
import type { Hints } from "../../judging/step-failure";
import { EVERY_VERSION, LIST, NEXT_PAGE, ONE, VERSIONS } from "./hints";
import {
  entriesOf,
  expectProblem,
  expectStatus,
  get,
  pathOf,
  put,
  type Reply,
  tagIn,
  wrong,
} from "./requests";

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;
/** More would not be a list in pages any more. */
const PAGES_MAX = 10_000;

/** Every entry of the list of configurations, page after page. */
export async function everyConfig(context: StepContext, limit?: number) {
  const found = new Map<unknown, Readonly<Record<string, unknown>>>();
  let pages = 0;
  let reply: Reply | undefined;
  let next: string | undefined = limit === undefined ? "/configs" : `/configs?limit=${limit}`;
  for (; next !== undefined && pages < PAGES_MAX; pages++) {
    reply = await get(context, next);
    expectStatus(reply, 200, LIST);
    for (const config of entriesOf(reply, "configs")) found.set(config.name, config);
    next = /<([^>]+)>; *rel="?next"?/.exec(reply.fields.get("link") ?? "")?.[1];
  }
  return { found, pages, last: reply };
}

export const LISTS: readonly Step[] = [
  {
    name: "lists name, size, entity tag and time of each configuration",
    edit: "config_lists",
    async run(context) {
      const devices = [context.randomWord(), context.randomWord()];
      for (const device of devices) await put(context, device, "12345");
      const { found, last } = await everyConfig(context);
      for (const device of devices) {
        const config = found.get(device);
        const complain = (what: string) => {
          if (last) throw wrong(last, what, LIST);
        };
        if (config === undefined) complain(`Expected ${device} in the list, and it is not there.`);
        const etag = tagIn(await get(context, pathOf(device)));
        if (config?.size !== 5)
          complain(`Expected the size 5 of ${device}, and got ${config?.size}.`);
        if (config?.etag !== etag)
          complain(
            `Expected the etag ${etag} of ${device}, as its GET has it, and got ${config?.etag}.`,
          );
        if (!TIME.test(String(config?.time)))
          complain(
            `Expected the time of ${device} as in 2026-01-31T09:05:00Z, and got ${config?.time}.`,
          );
      }
    },
  },
  {
    name: "keeps every version: lists them, and gives each",
    edit: "config_lists",
    async run(context) {
      const device = context.randomWord();
      const texts = [1, 2, 3].map((number) => `! ${number} ${context.randomWord()}\n`);
      for (const text of texts) await put(context, device, text);
      const list = await get(context, `${pathOf(device)}/versions`);
      expectStatus(list, 200, VERSIONS);
      const numbers = entriesOf(list, "versions").map(({ version }) => Number(version));
      if (numbers.sort((a, b) => a - b).join() !== "1,2,3") {
        const what = `Expected the versions 1, 2 and 3 in the list, and got ${numbers.join(", ") || "none"}.`;
        throw wrong(list, what, VERSIONS);
      }
      for (const [i, text] of texts.entries()) {
        const one = await get(context, `${pathOf(device)}/versions/${i + 1}`);
        expectStatus(one, 200, ONE);
        if (one.body !== text)
          throw wrong(
            one,
            `Expected version ${i + 1}, ${JSON.stringify(text)}, and got another text.`,
            ONE,
            "config_reads",
          );
      }
      for (const path of [
        `${pathOf(device)}/versions/4`,
        `${pathOf(context.randomWord())}/versions/1`,
      ]) {
        expectProblem(await get(context, path), 404, EVERY_VERSION);
      }
    },
  },
  {
    name: "lists in pages, with a link to the next",
    edit: "config_lists",
    further: true,
    async run(context) {
      const devices = [context.randomWord(), context.randomWord(), context.randomWord()];
      for (const device of devices) await put(context, device, "x");
      const hints: Hints = NEXT_PAGE;
      const { found, pages, last } = await everyConfig(context, 2);
      if (!last) return;
      if (pages < 2)
        throw wrong(
          last,
          "Expected three configurations and more in pages of two, and they came in one.",
          hints,
        );
      for (const device of devices) {
        if (!found.has(device))
          throw wrong(
            last,
            `Expected ${device} on one of ${pages} pages, and it is on none.`,
            hints,
          );
      }
    },
  },
];
