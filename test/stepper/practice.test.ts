/** The learner's copy in `npm start`: from the contents page to a check, the cell that it names, an edit, and its program. */
import { expect, it } from "vitest";
import { KEYS } from "../../scripts/terminal/pty";
import { practiceLab } from "../practice/support";
import { openSession, SESSION_TIMEOUT } from "./support/session";

const COPY = "practice/06-http-server-challenge.ipynb";
/** Takes the first statement that throws a TODO out of the cell. */
const EDITOR =
  "sed -i '0,/throw new Error/s/throw new Error.*/for await (const client of server) await client.close();/'";

it(
  "a copy is made with y, checked with t, opened at the cell to edit, and run with p",
  SESSION_TIMEOUT,
  async (ctx) => {
    const { lab } = await practiceLab("06");
    const session = await openSession(ctx, lab, { columns: 100, env: { EDITOR } });
    await session.see(/▶ 6 {2}Challenge, an HTTP server +criteria 0\/1/);
    await session.pressAndSee("y", /t check|Enter read on/);
    expect(await lab.read(COPY)).toContain("TODO: ");
    await session.pressAndSee(
      "t",
      /✗ accepts a client, and is there for the next one[\s\S]*0 of 14 steps passed/,
    );
    await session.see(/Enter go to http-server/);
    await session.pressAndSee("h", /A nudge: Begin at the end/);
    await session.pressAndSee(KEYS.enter, /▶ \d+\/\d+ http-server/);
    await session.pressAndSee(
      "e",
      /Saved in practice\/06-http-server-challenge\.ipynb\. u undoes it/,
    );
    expect(await lab.read(COPY)).toContain(
      "for await (const client of server) await client.close();",
    );
    await session.pressAndSee(
      "p",
      /dist\/practice\/http_server\.ts +practice\/06-http-server-challenge\.ipynb#http-server/,
    );
    await session.pressAndSee(KEYS.enter, /\$ node dist\/practice\/http_server\.mjs/);
    await session.pressAndSee(
      `--help${KEYS.enter}`,
      /Shows each client its own request[\s\S]*Press a key to go back/,
    );
    await session.pressAndSee(" ", /http_server\.mjs ended with exit status 0\./);
    await session.pressAndSee(KEYS.esc, /▶ \d+\/\d+ http-server/);
    await session.pressAndSee("c", /▶ 6 {2}Challenge, an HTTP server +yours 0\/14 · criteria 0\/1/);
    session.press("q");
    await session.over(0);

    // It opens by its name, at its place.
    const again = await openSession(ctx, lab, { args: "practice/06" });
    await again.see(/▶ \d+\/\d+ http-server/);
    again.press("q");
    await again.over(0);
  },
);
