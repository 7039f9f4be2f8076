/** Which tests a part has, and how their verdict is told. */
import { describe, expect, it } from "vitest";
import { listParts } from "../../../src/tools/notebook/parts";
import { splitWords } from "../../../src/tools/stepper/programs";
import { testFilesOf } from "../../../src/tools/stepper/run-tests";
import { countsOf, verdictLines, verdictsFrom } from "../../../src/tools/stepper/test-verdicts";
import { stylesFor } from "../../../src/tools/terminal/palette";
import { labFolder } from "../notebook/support/lab-folder";
import { FILE } from "./support/small-lab";

describe("the tests of a part", () => {
  it("are those named after its programs, the longest name first", async () => {
    const folder = await labFolder({
      "01": "%% code a\n/** @module http */\n%% code b\n/** @module http_server */\n",
      "02": "%% code c\n/** @module other */\n",
    });
    for (const name of ["http-server-attacks", "http-x", "httpd", "other", "http-server"]) {
      await folder.write(`test/programs/${name}.test.ts`, "");
    }
    const parts = await listParts(folder.root);
    const first = parts[0];
    const files = first ? await testFilesOf(folder.root, first, parts) : [];
    expect(files.map(({ file, cell }) => `${file.slice(14)} ${cell}`)).toEqual([
      "http-server-attacks.test.ts b",
      "http-server.test.ts b",
      "http-x.test.ts a",
    ]);
  });

  it("are told with those that failed first, and a file that could not be run has failed", () => {
    const file = (program: string) => ({
      file: `test/programs/${program}.test.ts`,
      program,
      cell: `${program}-cell`,
    });
    const result = (name: string, assertionResults: object[], message = "") => ({
      name: `/x/test/programs/${name}.test.ts`,
      assertionResults: assertionResults as [],
      message,
    });
    const verdicts = verdictsFrom(
      {
        testResults: [
          result("good", [{ fullName: "works", status: "passed" }]),
          result("bad", [
            { fullName: "fails", status: "failed", failureMessages: ["no\n    at x:1:2"] },
          ]),
          result("broken", [], "cannot be imported"),
        ],
      },
      [file("good"), file("bad"), file("broken"), file("lost")],
    );
    const styles = stylesFor({ depth: 0, background: undefined }, false);
    expect(countsOf(verdicts)).toEqual({ passed: 1, failed: 3 });
    const look = { file: FILE, columns: 70, styles, stacks: false };
    const text = verdictLines(verdicts, look).join("\n");
    expect(text).toContain("✗ 3 failed, 1 passed");
    expect(text.indexOf("fails")).toBeLessThan(text.indexOf("works"));
    expect(text).toContain("✗ bad  notebooks/02-second.ipynb#bad-cell");
    expect(text).toContain("cannot be imported");
    expect(text).toContain("was not run");
    expect(text).not.toContain("at x:1:2");
    expect(verdictLines(verdicts, { ...look, stacks: true }).join("\n")).toContain("at x:1:2");
    const good = verdicts.filter(({ program }) => program === "good");
    expect(verdictLines(good, look)).toEqual([
      "✓ 1 passed",
      "",
      "✓ good  notebooks/02-second.ipynb#good-cell",
      "  test/programs/good.test.ts",
      "  ✓ works",
      "",
    ]);
    expect(countsOf(good)).toEqual({ passed: 1, failed: 0 });
  });

  it("take a program's options as a shell would part them", () => {
    expect(splitWords(`--port 0  "Good evening" 'a "b"' x"y z"`)).toEqual([
      "--port",
      "0",
      "Good evening",
      'a "b"',
      "xy z",
    ]);
  });
});
