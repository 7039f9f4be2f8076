/** `npm start` shows a notebook that was made to take the terminal over, and stays what it is. */
import { expect, it } from "vitest";
import { KEYS } from "../../../scripts/terminal/pty";
import { ATTACK, ATTACKS } from "../commands/attacks";
import { labFolder } from "../notebook/support/lab-folder";
import { openSession, SESSION_TIMEOUT } from "./support/session";

const IN_CODE = JSON.stringify(ATTACK)
  .replaceAll("\u009b", "\\u009b")
  .replaceAll("\u009d", "\\u009d");
const CELLS = `%% md title
# Part 1: A title ${ATTACK}

Prose ${ATTACK} and \`code ${ATTACK}\`, &#x1b;]52;c;cm0gLXJm&#x202e;

| a ${ATTACK} | b |
|---|---|
| c | ${ATTACK} |

\`\`\`ts
const fenced = "${ATTACK}";
\`\`\`
%% code source
/* ${ATTACK} */
console.log(${IN_CODE});
%% code thrower
class Hostile extends Error { override name = ${IN_CODE}; }
function hostile() { throw new Hostile(${IN_CODE}); }
hostile();
`;

it(
  "obeys nothing in prose, titles, code, outputs, errors and lists",
  SESSION_TIMEOUT,
  async (ctx) => {
    const lab = await labFolder({ "01-hostile": CELLS, [`02-${ATTACK}`]: "%% md a\n# Part 2: b" });
    const session = await openSession(ctx, lab, { rows: 60 });
    await session.see(/A title ␛\]52;c;cm0gLXJm␇/);
    session.press("1");
    await session.see(/▶ 1\/2 source/);
    await session.see(/Prose\s+␛\]52/);
    await session.runAndSee(/▶ 2\/2 thrower/);
    await session.runAndSee(/✗ notebooks\/01-hostile\.ipynb#thrower/);
    await session.idle();
    await session.pressAndSee("s", /at hostile/);
    await session.pressAndSee("g", /Jump to/);
    await session.pressAndSee(KEYS.esc, /▶ 2\/2/);
    session.press("q");
    await session.over(0);
    for (const [what, sequence] of Object.entries(ATTACKS)) {
      if (sequence.startsWith("\u001b\u001b")) continue; // its parts are looked for by themselves
      for (const bidi of sequence.match(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g) ?? []) {
        expect(session.raw.includes(bidi), what).toBe(false);
      }
      expect(session.raw.includes(sequence), what).toBe(false);
    }
    for (const c1 of ["\u009b", "\u009d", "\u0007\b", "\u001b]52", "\u001b]0", "\u001b[3J"]) {
      expect(session.raw.includes(c1), JSON.stringify(c1)).toBe(false);
    }
  },
);
