/** Part 5: fetching pages, whatever happens. The judge is a server that does everything wrong that a server can. */

import { unsharedAddress } from "../../../../lab/own-address";
import { unusedPort } from "../../../../lab/unused-port";
import type { Judge, Step, StepContext } from "../../judging/judge";
import type { Hints } from "../../judging/step-failure";
import { ClientRun } from "../../peers/client-run";
import { receiveRequest, sendApart } from "../../peers/send-in-pieces";
import type { TcpConnection } from "../../peers/tcp-connection";
import { CLOSE, CODES, NO_LENGTH, OK, STATUS, TOO_SHORT, WAIT } from "./hints";

const FETCH = "safe_fetch";
const PATIENCE_MS = 700;
/** Where every page is answered at once, and a busy machine may be late. */
const ANSWERED_MS = 5_000;
/** How long the client's FIN may take to be seen here. */
const CLOSED_MAX_MS = 1_000;

const head = (length?: number) =>
  `HTTP/1.1 200 OK\r\n${length === undefined ? "" : `Content-Length: ${length}\r\n`}\r\n`;

/** A step's page: its path, what the server does when it is asked for it, and what is to be said of it. */
interface PageCase {
  readonly path: string;
  readonly act: (accepted: TcpConnection) => Promise<void> | void;
  readonly code: string;
  /** What the line must have in it besides. */
  readonly detail?: string;
}

/** @throws {StepFailure} the output has no line for the path, or one that says something else */
function expectLine(
  client: ClientRun,
  page: Pick<PageCase, "path" | "code" | "detail">,
  hints: Hints,
) {
  const { path, code, detail = "" } = page;
  const lines = client.running.stdout().split("\n");
  const line = lines.find((text) => text.startsWith(`${path} `));
  if (line?.split(/\s+/)[1] === code && line.includes(detail)) return;
  const wanted = `${path} ${code}${detail && ` ...${detail}`}`;
  const got = line === undefined ? "none" : JSON.stringify(line);
  const what = `Expected a line "${wanted}" in the output, and got ${got}.`;
  throw client.failure({ what, hints });
}

/** Fetches the pages one after the other, and expects of each its line, and that its connection was closed. */
async function fetchAll(
  context: StepContext,
  pages: readonly PageCase[],
  hints: Hints,
): Promise<void> {
  const paths = pages.map(({ path }) => path);
  const patienceMs = pages.some(({ code }) => code === "TIMED_OUT") ? PATIENCE_MS : ANSWERED_MS;
  const client = await ClientRun.start(context, FETCH, ["--timeout", String(patienceMs), ...paths]);
  for (const { act } of pages) {
    const before = client.connections.at(-1);
    const accepted = await client.accept();
    if (before && !(await hasEnded(before))) {
      const what =
        "Expected the connection of one page to be closed before the next is fetched, and it was open.";
      throw client.failure({ what, transcript: String(before.transcript), hints: CLOSE });
    }
    await receiveRequest(client, accepted);
    await act(accepted);
  }
  const end = { after: "when each page had its outcome", hints, maxMs: 3_000 + PATIENCE_MS };
  const status = await client.end(end);
  for (const page of pages) expectLine(client, page, hints);
  client.expectStatus(status, pages.some(({ code }) => code !== "OK") ? 1 : 0, STATUS);
}

async function hasEnded(connection: TcpConnection): Promise<boolean> {
  const ended = await connection.until(
    (_received, ending) => (ending === "open" ? undefined : ending),
    CLOSED_MAX_MS,
  );
  return ended !== undefined;
}

const whole = (context: StepContext): PageCase => {
  const body = context.randomWord().repeat(1 + Math.floor(Math.random() * 9));
  return {
    path: `/${context.randomWord()}`,
    act: (accepted) => accepted.send(head(body.length) + body),
    code: "OK",
    detail: ` ${body.length} bytes`,
  };
};
const silent = (context: StepContext): PageCase => ({
  path: `/${context.randomWord()}`,
  act: () => {},
  code: "TIMED_OUT",
});
const broken = (context: StepContext): PageCase => ({
  path: `/${context.randomWord()}`,
  act: (accepted) => accepted.reset(),
  code: "RESET",
});
const gone = (context: StepContext): PageCase => ({
  path: `/${context.randomWord()}`,
  act: (accepted) => accepted.end(),
  code: "CLOSED_EARLY",
});
const short = (context: StepContext): PageCase => ({
  path: `/${context.randomWord()}`,
  async act(accepted) {
    await accepted.send(`${head(100)}${context.randomWord()}`);
    accepted.end();
  },
  code: "CLOSED_EARLY",
});

const steps: readonly Step[] = [
  {
    name: "says OK, the status line and the number of bytes of a whole page",
    edit: FETCH,
    local: true,
    run: (context) => fetchAll(context, [whole(context), whole(context)], OK),
  },
  {
    name: "takes a page without a length as whole when the server closes",
    edit: "receive_page",
    local: true,
    async run(context) {
      const [first, second] = [context.randomWord(), context.randomWord()];
      const act = async (accepted: TcpConnection) => {
        await sendApart(
          accepted,
          [head(), first, second].map((text) => Buffer.from(text)),
        );
        accepted.end();
      };
      const detail = ` ${first.length + second.length} bytes`;
      await fetchAll(
        context,
        [{ path: `/${context.randomWord()}`, act, code: "OK", detail }],
        NO_LENGTH,
      );
    },
  },
  {
    name: "says REFUSED where nobody listens, and ends with 1",
    edit: FETCH,
    local: true,
    async run(context) {
      const path = `/${context.randomWord()}`;
      const host = await unsharedAddress();
      const at = ["--host", host, "--port", String(await unusedPort(host))];
      await fetchNowhere(context, [...at, "--timeout", String(ANSWERED_MS), path], {
        path,
        code: "REFUSED",
      });
    },
  },
  {
    name: "says UNKNOWN_HOST for a name that nobody has",
    edit: FETCH,
    local: true,
    maxMs: 40_000,
    async run(context) {
      const path = `/${context.randomWord()}`;
      const at = ["--host", `${context.randomWord()}.invalid`, "--timeout", "30000"];
      await fetchNowhere(context, [...at, path], { path, code: "UNKNOWN_HOST" });
    },
  },
  {
    name: "says TIMED_OUT of a server that says nothing",
    edit: FETCH,
    local: true,
    run: (context) => fetchAll(context, [silent(context)], WAIT),
  },
  {
    name: "says RESET of a server that breaks off",
    edit: FETCH,
    local: true,
    run: (context) => fetchAll(context, [broken(context)], CODES),
  },
  {
    name: "says CLOSED_EARLY of a server that closes without an answer",
    edit: "receive_page",
    local: true,
    run: (context) => fetchAll(context, [gone(context)], TOO_SHORT),
  },
  {
    name: "says CLOSED_EARLY of a body that is shorter than its Content-Length",
    edit: "receive_page",
    local: true,
    run: (context) => fetchAll(context, [short(context)], TOO_SHORT),
  },
  {
    name: "closes every connection before the next, and fetches on, whatever has happened",
    edit: FETCH,
    local: true,
    run: (context) =>
      fetchAll(
        context,
        [
          silent(context),
          short(context),
          whole(context),
          broken(context),
          gone(context),
          whole(context),
        ],
        CODES,
      ),
  },
];

async function fetchNowhere(
  context: StepContext,
  args: readonly string[],
  page: Pick<PageCase, "path" | "code">,
): Promise<void> {
  const client = new ClientRun(context, FETCH, args, await context.run(FETCH, args));
  const status = await client.end({
    after: "when there was no server",
    hints: CODES,
    maxMs: 35_000,
  });
  expectLine(client, page, CODES);
  client.expectStatus(status, 1, STATUS);
}

export const safeFetchJudge: Judge = {
  part: "05",
  kind: "exercise",
  task: "a client that fetches pages, whatever happens",
  programs: [FETCH],
  steps,
};
