/** The server among many clients: some are slow, many write at once, and some try names that lead elsewhere. */

import type { Step } from "../../judging/judge";
import { type Hints, StepFailure } from "../../judging/step-failure";
import { open } from "../../peers/tcp-connection";
import { CROWD, NAMES, SLOW } from "./hints";
import {
  entriesOf,
  expectProblem,
  expectStatus,
  get,
  pathOf,
  put,
  type Reply,
  send,
  wrong,
} from "./requests";

/** Ways to write what is no name: RFC 3986, section 2.1 lets a client encode any character. */
const NO_NAMES = [
  "..%2fx",
  "%2fetc%2fpasswd",
  "..%5cx",
  "%2e%2e%2f%2e%2e%2fx",
  "a%0ab",
  "a%20b",
  "a%00",
];

const WRITERS = 40;
const DEVICES = 4;

export const SHARING: readonly Step[] = [
  {
    name: "takes no name that leads out of its folder, however it is written: 400",
    edit: "config_lookup",
    async run(context) {
      for (const name of NO_NAMES) {
        expectProblem(await put(context, name, "x"), 400, NAMES);
        expectProblem(await get(context, pathOf(name)), 400, NAMES);
      }
      // To some servers these are other paths (RFC 3986, section 6.2.2.3), which are not there.
      for (const path of ["/configs/%2e%2e", "/configs/../x", "/configs//x"]) {
        const reply = await send(context, "PUT", path, { body: "x" });
        if (![400, 404, 405].includes(reply.status)) expectStatus(reply, 404, NAMES);
      }
    },
  },
  {
    name: "keeps nobody waiting for a client that stops in the middle",
    edit: "config_service",
    async run(context) {
      const address = await context.server();
      const slow = await open(address);
      context.after(() => slow.close());
      const host = `Host: ${address.host}:${address.port}\r\n`;
      await slow.send(
        `PUT ${pathOf(context.randomWord())} HTTP/1.1\r\n${host}Content-Length: 100\r\n\r\nhostname`,
      );
      const device = context.randomWord();
      try {
        expectStatus(await put(context, device, "x"), 201, SLOW);
        expectStatus(await get(context, pathOf(device)), 200, SLOW);
      } catch (error) {
        throw withHints(error, SLOW);
      }
    },
  },
  {
    name: `loses nothing when ${WRITERS} clients write at once`,
    edit: "config_changes",
    async run(context) {
      const devices = Array.from({ length: DEVICES }, () => context.randomWord());
      const sent = Array.from({ length: WRITERS }, (_, i) => ({
        device: devices[i % DEVICES] ?? "",
        text: `! writer ${i} ${context.randomWord()}\n`,
      }));
      const replies = await Promise.all(sent.map(({ device, text }) => put(context, device, text)));
      for (const reply of replies) expectStatus(reply, [201, 204], CROWD);
      for (const device of devices) {
        const wanted = sent.filter((one) => one.device === device).map(({ text }) => text);
        const { texts, list } = await textsOf(device, (path) => get(context, path));
        const lost = wanted.filter((text) => !texts.includes(text));
        if (lost.length === 0) continue;
        const what = `Expected ${wanted.length} versions of ${device}, each acknowledged, and ${lost.length} are lost: ${JSON.stringify(lost[0])}.`;
        throw wrong(list, what, CROWD);
      }
    },
  },
];

/** Every version's content, as the list of versions says that there are. */
export async function textsOf(
  device: string,
  ask: (path: string) => Promise<Reply>,
  hints = CROWD,
) {
  const list = await ask(`${pathOf(device)}/versions`);
  expectStatus(list, 200, hints);
  const numbers = entriesOf(list, "versions").map(({ version }) => version);
  const replies = await Promise.all(
    numbers.map((number) => ask(`${pathOf(device)}/versions/${number}`)),
  );
  for (const reply of replies) expectStatus(reply, 200, hints);
  return { list, texts: replies.map(({ body }) => body) };
}

function withHints(error: unknown, hints: Hints): unknown {
  return error instanceof StepFailure ? new StepFailure({ ...error, hints }) : error;
}
