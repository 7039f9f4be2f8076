/** The book of a small lab: what becomes of its prose, its cells, its links and its programs. */
import { describe, expect, it } from "vitest";
import { BookMaker } from "../../../src/tools/book/book";
import { labFolder } from "../notebook/support/lab-folder";
import { bookOf, faultsOf, pageOf } from "./support";

const PROGRAM = `/** @module greeter */
import { shout } from "./src/shout";
export const main = program({
  about: "Greets.",
});
function program(one: object) { return () => console.log(shout(JSON.stringify(one))); }`;
const FIRST = `%% md welcome
# Welcome

Read **this**.
%% md remember
## Remember

**Criteria covered:** know a thing; know another.

See [Part 2](02-second.ipynb#greet), [the tests](../test), the
[guide](../GUIDE.md#two-words) and <https://example.com/>.
`;
const SECOND = `%% md title
# Part 2: The second

After this part you can greet.
%% md steps
## Steps & more

### \`code\` inside
%% md again
## Steps & more
%% code greet
${PROGRAM}
%% code run
import { main } from "./greeter";
main();
%% md steps-seen
Back to [the top](#welcome), no: [here](#steps--more).
%% code empty
`;
const GUIDE = `# Guide

## Two words

![A picture](docs/x.svg) and [Part 1](notebooks/01-first.ipynb).
`;

async function smallLab() {
  const lab = await labFolder({
    "01-first": FIRST,
    "02-second": SECOND.replace("the top](#welcome)", "the top](#title)"),
  });
  await lab.write("GUIDE.md", GUIDE);
  await lab.write("docs/x.svg", "<svg/>");
  await lab.write("test/one.test.ts", 'import { shout } from "../src/shout";\nshout("<b>");\n');
  await lab.write("test/deep/two.test.ts", "export {};\n");
  return lab;
}

describe("the book of a lab", () => {
  it("has a page for each part, program and linked file, and every link in it leads somewhere", async () => {
    const lab = await smallLab();
    const book = await new BookMaker(lab.root).make();
    expect([...book.keys()].sort()).toEqual([
      "01-first.html",
      "02-second.html",
      "files/GUIDE.md.html",
      "files/docs/x.svg",
      "files/src/shout.ts.html",
      "files/test/deep/index.html",
      "files/test/deep/two.test.ts.html",
      "files/test/index.html",
      "files/test/one.test.ts.html",
      "icon.svg",
      "index.html",
      "programs/greeter.html",
      "programs/greeter.mjs",
      "programs/greeter.ts",
      "script.js",
      "style.css",
    ]);
    expect(faultsOf(book)).toEqual([]);

    const first = pageOf(book, "01-first.html");
    expect(first).toContain('<a href="02-second.html#greet">Part 2</a>');
    expect(first).toContain('<a href="files/test/index.html">the tests</a>');
    expect(first).toContain('<a href="files/GUIDE.md.html#two-words">guide</a>');
    expect(first).toContain('<a href="https://example.com/" rel="noreferrer">');
    expect(first).toContain('<a rel="next" href="02-second.html">');
    const guide = pageOf(book, "files/GUIDE.md.html");
    expect(guide).toContain('<img src="docs/x.svg" alt="A picture">');
    expect(guide).toContain('<a href="../01-first.html">Part 1</a>');
    expect(pageOf(book, "files/test/one.test.ts.html")).toContain(
      '<a class="import" href="../src/shout.ts.html">',
    );

    const contents = pageOf(book, "index.html");
    expect(contents).toMatch(
      /<a href="02-second.html"><span class="number">2<\/span> The second<\/a>/,
    );
    expect(contents).toContain("You can greet.");
    expect(contents).toContain("<li>know a thing</li><li>know another</li>");
    expect(contents).toMatch(/<code>greeter<\/code><\/a><\/th><td>Greets.<\/td>/);
  });

  it("makes the same bytes of the same notebooks, whatever it made before", async () => {
    const lab = await smallLab();
    const maker = new BookMaker(lab.root);
    const first = await maker.make();
    const second = await lab.read("notebooks/02-second.ipynb");
    await lab.write("notebooks/02-second.ipynb", second.replace("can greet", "can wave"));
    expect(pageOf(await maker.make(), "02-second.html")).toContain("can wave");
    await lab.write("notebooks/02-second.ipynb", second);
    expect(await maker.make()).toEqual(first);
    expect(await new BookMaker(lab.root).make()).toEqual(first);
  });

  it("gives each cell its name as an anchor, and each heading one of its own", async () => {
    const lab = await smallLab();
    const page = pageOf(await new BookMaker(lab.root).make(), "02-second.html");
    expect(page).toContain('<div class="cell is-program" id="greet">');
    expect(page).toContain('<a href="#greet"><span class="visually-hidden">Cell </span>greet</a>');
    expect(page).toContain('<h2 id="steps--more">');
    expect(page).toContain('<h2 id="steps--more-2">');
    expect(page).toContain('<h3 id="code-inside"><code>code</code> inside');
    expect(page).toContain('<li class="deep"><a href="#code-inside">code inside</a></li>');
    expect(page).toContain('<div id="empty"></div>');
  });

  it("shows a solution without its marks and stubs", async () => {
    const { book } = await bookOf({
      "01-marked": `%% code answer
/** @module answer */
// ### BEGIN SOLUTION answer
export const answer = 42;
// ### END SOLUTION
// STUB export const answer = 0;
export const main = (): void => console.log(answer);
`,
    });
    for (const page of ["01-marked.html", "programs/answer.html"]) {
      const text = pageOf(book, page).replace(/<[^>]+>/g, "");
      expect(text).toContain("export const answer = 42;");
      expect(text).not.toMatch(/SOLUTION|STUB/);
    }
  });

  it("tells of a program cell where its file is, and how to run it", async () => {
    const lab = await smallLab();
    const book = await new BookMaker(lab.root).make();
    const page = pageOf(book, "02-second.html");
    expect(page).toContain('<a href="programs/greeter.html">program <code>greeter</code></a>');
    expect(page).toContain("npm run program -- greeter");
    expect(page).toContain('<a class="import" href="#greet">'); // the cell that imports it
    const program = pageOf(book, "programs/greeter.html");
    expect(program).toContain('<a href="../02-second.html#greet">greet</a> of Part 2: The second');
    expect(program).toContain('<a href="greeter.mjs" download>');
    expect(program).toContain('href="../files/src/shout.ts.html"');
    expect(program).not.toContain("sourceMappingURL");
    expect(book.get("programs/greeter.mjs")).toContain("toUpperCase()");
  });
});

describe("prose with markup of its own", () => {
  it("keeps what is harmless, and loses what is not", async () => {
    const { book } = await bookOf({
      "01-one": `%% md one
# Part 1: One

<details><summary>A hint</summary>

Some *text*.

</details>

<script>alert(1)</script><img src=x onerror=alert(1)>
<p id="page.text" style="position:fixed" onclick="alert(1)">plain</p>

[click](javascript:alert(1)) ![far](https://example.com/x.png) ![own](data:image/png;base64,iVBORw0KGgo=) <a href="javascript:alert(1)">x</a>

| a | b |
|--:|---|
| 1 | 2 |
`.replace("<img src=x onerror=alert(1)>", ""),
    });
    const page = pageOf(book, "01-one.html");
    expect(page).toContain("<details><summary>A hint</summary>");
    expect(page).toContain("<em>text</em>");
    expect(page).toContain("<p>plain</p>");
    expect(page).toContain('<a href="https://example.com/x.png" rel="noreferrer">far</a>');
    expect(page).toContain('<img src="data:image/png;base64,iVBORw0KGgo=" alt="own">');
    expect(page).toContain('<td style="text-align:right">1</td>');
    expect(page).not.toMatch(/alert\(1\)<\/script>|onclick|onerror|href="javascript:/);
    expect(faultsOf(book)).toEqual([]);
  });
});

describe("a lab that is no book", () => {
  const broken = (cells: Record<string, string>) =>
    labFolder(cells).then((lab) => new BookMaker(lab.root).make().then(() => "made", String));

  it("names the file and the cell of each link that leads nowhere", async () => {
    const message = await broken({
      "01-one":
        "%% md one\n# One\n\n[a](../nope.md) [b](02-two.ipynb#none) [c](#nowhere) [d](../../etc/passwd)\n%% md pic\n![x](attachment:x.png)\n![y](y.png)\n",
      "02-two": "%% md two\n[git](../.git/config)\n",
    });
    const place = "notebooks/01-one.ipynb#one: the link to";
    expect(message).toContain(`${place} "../nope.md" leads to nope.md, which does not exist`);
    expect(message).toContain(`${place} "02-two.ipynb#none" leads nowhere`);
    expect(message).toContain(`${place} "#nowhere" leads nowhere`);
    expect(message).toContain(`${place} "../../etc/passwd" leads out of the repository`);
    const picture = "notebooks/01-one.ipynb#pic: the link to";
    expect(message).toContain(`${picture} "attachment:x.png" is an attachment of the cell`);
    expect(message).toContain(`${picture} "y.png" leads to notebooks/y.png, which does not exist`);
    expect(message).toContain("notebooks/02-two.ipynb#two: ");
  });

  it("names a notebook that cannot be read, and a program cell that does not compile", async () => {
    const lab = await labFolder({
      "02-two": "%% code bad\n/** @module bad */\nexport const main = ;\n",
    });
    await expect(new BookMaker(lab.root).make()).rejects.toThrow("notebooks/02-two.ipynb#bad:2:21");
    await lab.write("notebooks/01-one.ipynb", '{"cells": [');
    await expect(new BookMaker(lab.root).make()).rejects.toThrow(
      /notebooks\/01-one\.ipynb:1:\d+: not JSON/,
    );
  });
});
