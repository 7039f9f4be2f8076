/** The stages of the challenges: the copy, the check and the judge go the same way. */
import { describe, expect, it } from "vitest";
import { parseNotebook } from "../../../src/tools/notebook/format";
import { makeCopy } from "../../../src/tools/practice/copies/copies";
import { JUDGES } from "../../../src/tools/practice/judges/all";
import { stageOf } from "../../../src/tools/practice/judging/stages";
import { practiceLab } from "./support";
import { regionsOf } from "./support/filled";

const challenges = JUDGES.filter(({ kind }) => kind === "challenge");

describe.each(challenges)("the stages of Part $part", (judge) => {
  const { stages = [], steps } = judge;
  const required = steps.filter(({ further }) => !further).map(({ name }) => name);

  it("end with a step each, in the order of the judge, the last one with the last step", () => {
    const ends = stages.map(({ until }) => required.indexOf(until));
    expect(ends).not.toContain(-1);
    expect(ends).toEqual([...new Set(ends)].sort((a, b) => a - b));
    expect(ends.at(-1)).toBe(required.length - 1);
    for (const name of required) expect(stageOf(judge, name), name).toBeDefined();
  });

  it("name every cell that has something to write for them, and no other", async () => {
    const marked = new Set((await regionsOf(judge)).map((region) => region.split(" ")[0]));
    for (const { cells } of stages) for (const cell of cells) expect([...marked]).toContain(cell);
  });

  it("stand in the copy, each before the first of its cells", async () => {
    const { lab, practice } = await practiceLab(judge.part);
    expect(await makeCopy(lab.root, practice)).toBe(true);
    const { cells } = parseNotebook(await lab.read(practice.copy), practice.copy);
    const ids = cells.map(({ id }) => id);
    expect(ids[1]).toBe("stages");
    for (const [at, stage] of stages.entries()) {
      const place = ids.indexOf(`stage-${at + 1}`);
      expect(cells[place]?.source).toContain(stage.task);
      const next = ids.slice(place).find((id) => !id.startsWith("stage-"));
      expect(next).toBe(stage.cells[0]);
    }
  });
});
