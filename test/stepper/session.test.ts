import { describe, expect, it } from "vitest";
import type { Kernel } from "../../src/kernel/client";
import { listParts } from "../../src/stepper/parts";
import { Session } from "../../src/stepper/session";
import { type LabFolder, labFolder } from "../notebook/support/lab-folder";

const TWO = `%% md title
# Part 2: The second
%% code one
const a = 1;
%% md between
More.
%% code two
const b = 2;
%% md end
The end.
`;

/** A session whose kernel never gets ready: everything but running a cell. */
async function session(lab: LabFolder): Promise<Session> {
  const opened = new Session({
    root: lab.root,
    startKernel: () => new Promise<Kernel>(() => {}),
    onLateOutput: () => {},
    onChange: () => {},
  });
  const [part] = await listParts(lab.root);
  if (!part) throw new Error("no part");
  await opened.open(part);
  return opened;
}
const place = ({ step }: Session): unknown => [
  step?.index,
  step?.code?.id,
  step?.prose.map(({ id }) => id),
];

describe("the parts of the lab", () => {
  it("have a number, a title and, when they cannot be read, a problem", async () => {
    const lab = await labFolder({ "02-second": TWO, "10-untitled": "%% code one\n1\n" });
    await lab.write("notebooks/03-bad.ipynb", "[");
    expect(await listParts(lab.root)).toEqual([
      { file: "notebooks/02-second.ipynb", number: "2", title: "The second" },
      {
        file: "notebooks/03-bad.ipynb",
        number: "3",
        title: "03-bad",
        problem: expect.stringContaining("notebooks/03-bad.ipynb:1:2: not JSON"),
      },
      { file: "notebooks/10-untitled.ipynb", number: "10", title: "10-untitled" },
    ]);
  });
});

describe("a session", () => {
  it("goes through a part in steps of prose and code, and not beyond its ends", async () => {
    const opened = await session(await labFolder({ "02-second": TWO }));
    expect(opened.back()).toBe(false);
    expect(place(opened)).toEqual([0, "one", ["title"]]);
    expect(opened.forward()).toBe(true);
    expect(place(opened)).toEqual([1, "two", ["between"]]);
    expect(opened.forward()).toBe(true);
    expect(place(opened)).toEqual([2, undefined, ["end"]]);
    expect(opened.forward()).toBe(false);
    opened.goTo(0);
    expect(place(opened)).toEqual([0, "one", ["title"]]);
  });

  it("sees what another editor saved, and keeps its place", async () => {
    const lab = await labFolder({ "02-second": TWO });
    const opened = await session(lab);
    opened.forward();
    await lab.notebook(
      "02-second",
      TWO.replace("%% code one", "%% code zero\n0\n%% code one").replace("b = 2", "b = 3"),
    );
    await opened.reload();
    expect(place(opened)).toEqual([2, "two", ["between"]]);
    expect(opened.step?.code?.source).toBe("const b = 3;");
  });

  it("keeps what it has when the notebook cannot be read for a moment", async () => {
    const lab = await labFolder({ "02-second": TWO });
    const opened = await session(lab);
    await lab.write("notebooks/02-second.ipynb", "{");
    await expect(opened.reload()).rejects.toThrow("not JSON");
    expect(place(opened)).toEqual([0, "one", ["title"]]);
  });

  it("saves an edit, and nothing else in the notebook changes", async () => {
    const lab = await labFolder({ "02-second": TWO });
    const opened = await session(lab);
    const before = await lab.read("notebooks/02-second.ipynb");
    await opened.saveEdit("one", "const a = 1;", "const a = 10;");
    expect(opened.step?.code?.source).toBe("const a = 10;");
    expect(await lab.read("notebooks/02-second.ipynb")).toBe(before.replace("a = 1;", "a = 10;"));
  });

  it("does not save an edit over a change that was made meanwhile", async () => {
    const lab = await labFolder({ "02-second": TWO });
    const opened = await session(lab);
    await lab.notebook("02-second", TWO.replace("a = 1", "a = 5"));
    await expect(opened.saveEdit("one", "const a = 1;", "const a = 10;")).rejects.toThrow(
      "notebooks/02-second.ipynb#one: was changed by another program meanwhile",
    );
    expect(await lab.read("notebooks/02-second.ipynb")).toContain("const a = 5;");
  });
});
