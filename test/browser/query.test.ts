/** Our parser accepts every query that a browser sends (src/http/target.ts says which and why). */
import { expect, test } from "vitest";
import { startChromium } from "../../scripts/browser/chromium";
import { response } from "../../src/http/response";
import { serve } from "../../src/http/server";

const PRINTABLE = Array.from({ length: 0x7f - 0x20 }, (_, at) => String.fromCharCode(0x20 + at));

test("every character that can be typed into a query reaches the handler", async () => {
  const targets: string[] = [];
  const server = await serve({ port: 0 }, ({ target }) => {
    if (target.startsWith("/?")) targets.push(target);
    return response(200, "hello");
  });
  const browser = await startChromium();
  try {
    const page = await browser.newPage();
    for (const typed of [...PRINTABLE, "%zz", "é", "\x01"]) {
      const answer = await page.goto(`${server.url}/?a${typed}b`);
      expect(answer?.status(), JSON.stringify(typed)).toBe(200);
    }
    // As typed, though RFC 3986 has none of them in a query.
    for (const raw of ["|", "{", "}", "[", "]", "^", "`", "\\", "%"]) {
      expect(targets).toContain(`/?a${raw}b`);
    }
  } finally {
    await browser.close();
    await server.stop();
  }
}, 60_000);
