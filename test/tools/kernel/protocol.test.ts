import { describe, expect, test } from "vitest";
import {
  BadMessage,
  createHeader,
  decode,
  encode,
  type Message,
} from "../../../src/tools/kernel/protocol";

const KEY = "secret";

function message(): Message {
  return {
    identities: [Buffer.from("peer"), Buffer.from([0, 1])],
    header: createHeader("execute_request", "session"),
    parent: {},
    metadata: { cellId: "a" },
    content: { code: "1 + 1 // naïve 😀" },
  };
}

const frames = (key = KEY): Buffer[] => encode(message(), key).map((frame) => Buffer.from(frame));

describe("a message on the wire", () => {
  test("comes back as it was sent, with its routing frames", () => {
    const sent = message();
    const received = decode(
      encode(sent, KEY).map((frame) => Buffer.from(frame)),
      KEY,
    );
    expect(received).toEqual(sent);
  });

  test("is refused with another key's signature", () => {
    expect(() => decode(frames("other"), KEY)).toThrow(BadMessage);
  });

  test("is refused without a signature when a key is set", () => {
    expect(() => decode(frames(""), KEY)).toThrow(/signature/);
  });

  test("is refused when any signed part was changed", () => {
    for (const part of [4, 5, 6, 7]) {
      const changed = frames();
      changed[part] = Buffer.from(`${changed[part]} `);
      expect(() => decode(changed, KEY)).toThrow(/signature/);
    }
  });

  test("needs no signature when there is no key", () => {
    expect(decode(frames(""), "").content.code).toContain("😀");
  });

  test("is refused without a delimiter, or with frames missing", () => {
    expect(() => decode([Buffer.from("hello")], KEY)).toThrow(/delimiter/);
    expect(() => decode(frames().slice(0, 5), KEY)).toThrow(/few frames/);
  });

  test("is refused when a part is not a JSON object", () => {
    const bad = encode({ ...message(), content: [] as never }, KEY).map((f) => Buffer.from(f));
    expect(() => decode(bad, KEY)).toThrow(/JSON object/);
  });

  test("has an id of its own", () => {
    expect(createHeader("a", "s").msg_id).not.toBe(createHeader("a", "s").msg_id);
  });
});
