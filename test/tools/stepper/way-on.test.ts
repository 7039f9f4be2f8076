/** A learner is never without a next step: at the end of a part, in a copy, after a jump, in an editor. */
import { describe, expect, it } from "vitest";
import { KEYS } from "../../../scripts/terminal/pty";
import { labFolder, notebookText } from "../notebook/support/lab-folder";
import { openSession, SESSION_TIMEOUT } from "./support/session";

const part = (number: number, name: string, cells = `%% code only\n"${name} ran";`): string =>
  `%% md title\n# Part ${number}: ${name}\n${cells}`;

describe("at the end of a part", () => {
  it(
    "Enter says that it is done and opens the next; the last leads to the contents",
    SESSION_TIMEOUT,
    async (ctx) => {
      const lab = await labFolder({ "01-one": part(1, "One"), "02-two": part(2, "Two") });
      const session = await openSession(ctx, lab, { args: "1" });
      await session.see(/▶ 1\/1 only/);
      await session.pressAndSee(
        KEYS.enter,
        /Part 1 done\. Enter opens Part 2, Two; y opens a copy/,
      );
      await session.see(/│ Enter Part 2 {2}y practise/);
      await session.pressAndSee(KEYS.enter, /Part 2: Two[\s\S]*▶ 1\/1 only/);
      await session.pressAndSee(
        KEYS.enter,
        /Part 2 done\. Enter shows the contents; y opens a copy/,
      );
      await session.pressAndSee(KEYS.enter, /▶ 2 {2}Two .* 1\/1/);
    },
  );

  it("prose there says how many cells have not run", SESSION_TIMEOUT, async (ctx) => {
    const lab = await labFolder({
      "01-one": part(1, "One", "%% code only\n1\n%% md end\nThe end."),
    });
    const session = await openSession(ctx, lab, { args: "one" });
    await session.see(/▶ 1\/1 only/);
    await session.pressAndSee("n", /end of Part 1; 1 of its 1 cells have not run in this kernel/);
  });
});

it(
  "a copy opens at its first TODO, and says that it is one's own",
  SESSION_TIMEOUT,
  async (ctx) => {
    const cells = part(
      1,
      "One",
      `%% code given\n1;\n%% code yours\n// TODO: count\nthrow new Error("TODO: count");\n`,
    );
    const lab = await labFolder({ "01-one": part(1, "One") });
    await lab.write("practice/01-one.ipynb", notebookText(cells));
    const session = await openSession(ctx, lab, { args: "practice/1" });
    await session.see(/▶ 2\/2 yours/);
    await session.see(/This is your own copy, at its first TODO: e opens the cell/);
    expect(session.bar).toMatch(/your copy 2\/2 $/);
    await session.pressAndSee("b", /your copy 1\/2/);
    await session.pressAndSee("n", /your copy 2\/2/);
    await session.pressAndSee("n", /end of your copy of Part 1\. TODO is left in yours\. t checks/);
  },
);

it(
  "a jump shows the cell that was asked for behind long prose, and r runs that one",
  SESSION_TIMEOUT,
  async (ctx) => {
    const prose = Array.from({ length: 30 }, (_none, at) => `Paragraph ${at}.\n`).join("\n");
    const cells = `%% code first\n"first ran"\n%% md long\n${prose}\n%% code first-of-all\n"jumped ran"`;
    const lab = await labFolder({ "01-one": part(1, "One", cells) });
    const session = await openSession(ctx, lab, { args: "1", columns: 100 });
    await session.see(/▶ 1\/2 first/);
    expect(session.bar).toMatch(/n next {2}b back {2}e edit {2}c contents/);
    await session.runAndSee(/first ran'\n/);
    await session.idle();
    await session.pressAndSee("g", /Jump to/);
    await session.pressAndSee(`first-of${KEYS.enter}`, /▶ 2\/2 first-of-all/);
    await session.pressAndSee("r", /jumped ran'\n/);
    await session.idle();
    await session.pressAndSee("g", /Jump to/);
    // Both have "first" in their names: the one of that name comes first.
    await session.pressAndSee(`first${KEYS.enter}`, /▶ 1\/2 first ─/);
  },
);

describe("editing", () => {
  it(
    "says which editor opens when none was chosen, and how to choose one",
    SESSION_TIMEOUT,
    async (ctx) => {
      const lab = await labFolder({ "01-one": part(1, "One") });
      const env = { EDITOR: undefined, VISUAL: undefined };
      const session = await openSession(ctx, lab, { args: "1", env });
      await session.see(/▶ 1\/1 only/);
      await session.pressAndSee("e", /e again opens the cell in vi \(:wq saves and leaves it, :q!/);
      await session.see(/EDITOR=nano\s+(?:▌ )?npm start/);
    },
  );

  it("takes an error back with the edit that led to it", SESSION_TIMEOUT, async (ctx) => {
    const lab = await labFolder({ "01-one": part(1, "One") });
    const env = { EDITOR: "sed -i s/^/undefinedName./" };
    const session = await openSession(ctx, lab, { args: "1", env });
    await session.see(/▶ 1\/1 only/);
    await session.pressAndSee("e", /u undoes it/);
    await session.pressAndSee(KEYS.enter, /✗ notebooks\/01-one\.ipynb#only/);
    await session.idle();
    await session.pressAndSee("u", /Undone/);
    await session.until(() => !session.screen.text.includes("✗") || undefined, "has no error left");
  });
});

it(
  "x shows the solution of an exercise; a copy that has passed shows it too",
  SESSION_TIMEOUT,
  async (ctx) => {
    const solution = "// ### BEGIN SOLUTION say yes\nconsole.log('solved');\n// ### END SOLUTION";
    const lab = await labFolder({ "01-one": part(1, "One", `%% code only\n${solution}`) });
    const session = await openSession(ctx, lab, { args: "1" });
    await session.see(/⋯ say yes \(1 line · x shows the solution\)/);
    expect(session.screen.text).not.toContain("'solved'");
    await session.pressAndSee("x", /2 ┃ console\.log\('solved'\)/);
    expect(session.screen.text).not.toContain("###");
    await session.pressAndSee("x", /⋯ say yes/);
    const pass = {
      at: "2026-01-02T03:04:05Z",
      by: "check",
      copy: "c",
      steps: [],
      cells: {},
      criteria: [],
    };
    const record = { version: 1, parts: { "01": { pass } } };
    await lab.write("practice/01-one.ipynb", notebookText(part(1, "One")));
    await lab.write("practice/progress.json", JSON.stringify(record));
    await session.pressAndSee("c", /yours ✓/);
    await session.pressAndSee("1", /2 ┃ console\.log\('solved'\)/);
  },
);
