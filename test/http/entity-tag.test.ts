import { describe, expect, test } from "vitest";
import {
  type EntityTag,
  formatEntityTag,
  matchesStrongly,
  matchesWeakly,
  parseEntityTags,
} from "../../src/http/entity-tag";

const strong = (opaque: string): EntityTag => ({ weak: false, opaque });
const weak = (opaque: string): EntityTag => ({ weak: true, opaque });

describe("a list of entity tags", () => {
  test.each<[string, "*" | EntityTag[]]>([
    ['"a"', [strong("a")]],
    ['W/"a"', [weak("a")]],
    ['""', [strong("")]],
    ['"a", W/"b" ,"c"', [strong("a"), weak("b"), strong("c")]],
    ['"a,b", "c d"'.replace(" d", "_d"), [strong("a,b"), strong("c_d")]],
    [',, "a" ,,', [strong("a")]],
    ["*", "*"],
    [" * ", "*"],
  ])("%s is read", (value, tags) => expect(parseEntityTags(value)).toEqual(tags));

  test.each([
    "",
    ",",
    "a",
    '"a',
    'w/"a"',
    'W/ "a"',
    '"a" "b"',
    '"a b"',
    '"*", *',
    '*, "a"',
    '"a"b"',
  ])("%j is none", (value) => expect(parseEntityTags(value)).toBeUndefined());

  test("a hundred thousand commas are read in linear time", () => {
    expect(parseEntityTags(`${",".repeat(100_000)}x`)).toBeUndefined();
  });
});

// RFC 9110, 8.8.3.2
test.each([
  [weak("1"), weak("1"), false, true],
  [weak("1"), weak("2"), false, false],
  [weak("1"), strong("1"), false, true],
  [strong("1"), strong("1"), true, true],
])("%j and %j: strong comparison says %s, weak %s", (a, b, strongly, weakly) => {
  expect([matchesStrongly(a, b), matchesWeakly(a, b)]).toEqual([strongly, weakly]);
});

test("a tag is written as it is read, and with no character that ends it", () => {
  for (const tag of [strong("1-ab"), weak("x")]) {
    expect(parseEntityTags(formatEntityTag(tag))).toEqual([tag]);
  }
  for (const opaque of ['a"b', "a b", "a\r\n"]) {
    expect(() => formatEntityTag(strong(opaque))).toThrow(TypeError);
  }
});
