import { expect, test } from "vitest";
import { ByteCache } from "../../src/store/byte-cache";

test("keeps what fits, and lets go of what was not asked for the longest", () => {
  const cache = new ByteCache(10);
  const put = (key: string, size: number) => cache.set(key, Buffer.alloc(size));
  const held = () => ["a", "b", "c", "big"].filter((key) => cache.get(key) !== undefined);
  put("a", 4);
  put("b", 4);
  cache.get("a");
  put("c", 4);
  expect(held()).toEqual(["a", "c"]);
  put("big", 11);
  expect(held()).toEqual(["a", "c"]);
  put("a", 10);
  expect(held()).toEqual(["a"]);
});
