import { mkdir, readdir } from "node:fs/promises";
import { expect, test } from "vitest";
import { bytesOf, contentOf, isText, receive, sending } from "../../src/store/content";
import { REAL_FILES } from "../../src/store/file-system";
import { NameList } from "../../src/store/name-list";
import { storeFolder } from "./support";

async function* pieces(count: number, length: number): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < count; i++) yield Buffer.alloc(length, `${i % 10}`);
}

async function drafts(): Promise<string> {
  const folder = await storeFolder();
  await mkdir(folder);
  return folder;
}

test.each([
  [0, 1, 0],
  [1, 10, 0],
  [64, 1024, 0],
  [65, 1024, 1],
  [1, 65 * 1024, 1],
  [300, 4096, 1],
])(
  "%i pieces of %i bytes come back as they came; files beside them: %i",
  async (count, length, files) => {
    const folder = await drafts();
    const draft = await receive(REAL_FILES, folder, pieces(count, length));
    expect(await readdir(folder)).toHaveLength(files);
    const whole: Uint8Array[] = [];
    for await (const piece of pieces(count, length)) whole.push(piece);
    const wanted = contentOf(Buffer.concat(whole));
    expect([draft.size, draft.sha256]).toEqual([wanted.size, wanted.sha256]);
    for (let reading = 0; reading < 2; reading++) {
      expect((await bytesOf(draft)).equals(Buffer.concat(whole))).toBe(true);
    }
    await draft.discard();
    expect(await readdir(folder)).toEqual([]);
  },
);

test("of content that breaks off nothing is left", async () => {
  const folder = await drafts();
  async function* broken() {
    yield* pieces(100, 1024);
    throw new RangeError("gone");
  }
  await expect(receive(REAL_FILES, folder, broken())).rejects.toThrow("gone");
  expect(await readdir(folder)).toEqual([]);
});

test("a draft that is sent is discarded at its end, when it is broken off, and when it is not wanted", async () => {
  const folder = await drafts();
  const make = async () => sending(await receive(REAL_FILES, folder, pieces(400, 1024)));
  let length = 0;
  for await (const piece of await make()) length += piece.length;
  expect([length, await readdir(folder)]).toEqual([400 * 1024, []]);
  for await (const piece of await make()) {
    expect(piece.length).toBeGreaterThan(0);
    break;
  }
  expect(await readdir(folder)).toEqual([]);
  await (await make())[Symbol.asyncIterator]().return?.();
  expect(await readdir(folder)).toEqual([]);
});

test.each<[string, Buffer, boolean]>([
  ["UTF-8", Buffer.from("Zürich\n".repeat(10)), true],
  ["UTF-8 cut between two pieces", Buffer.from("ü".repeat(300_000)), true],
  ["half a character at the end", Buffer.from("ü".repeat(300_000)).subarray(0, -1), false],
  ["a NUL", Buffer.from("a\0b"), false],
  ["Latin-1", Buffer.from("Zürich", "latin1"), false],
  ["nothing", Buffer.alloc(0), true],
])("%s is text or not, in memory as in pieces", async (_what, bytes, wanted) => {
  const whole = contentOf(bytes);
  const { size, sha256 } = whole;
  expect(await isText(whole)).toBe(wanted);
  expect(await isText({ size, sha256, pieces: () => whole.pieces() })).toBe(wanted);
});

test("names come in order, each once, while others come and go", () => {
  const names = new NameList();
  for (const name of ["d", "b"]) names.append(name);
  for (const name of ["a", "c", "b"]) names.add(name);
  names.remove("x");
  const seen: string[] = [];
  for (const name of names.from("")) {
    seen.push(name);
    if (name === "b") {
      names.remove("a");
      names.remove("b");
      names.add("bb");
    }
  }
  expect(seen).toEqual(["a", "b", "bb", "c", "d"]);
  expect([...names.from("bb")]).toEqual(["c", "d"]);
  expect([...names.from("bc")]).toEqual(["c", "d"]);
  expect([...names.from("e")]).toEqual([]);
});
