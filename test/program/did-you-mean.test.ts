import { expect, it } from "vitest";
import { closest, didYouMean } from "../../src/program/did-you-mean";

const NAMES = ["tcp_server", "tcp_client", "udp_server", "tcp"];

it.each([
  ["tcp_sever", "tcp_server"],
  ["tpc_client", "tcp_client"],
  ["tpc", "tcp"],
  ["UDP_SERVER_", "udp_server"],
  ["smtp_server_of_mine", undefined],
  ["x", undefined],
  ["tcp", undefined],
])("the name that is closest to %s is %s", (word, meant) => {
  expect(
    closest(
      word,
      NAMES.filter((name) => name !== word),
    ),
  ).toBe(meant);
});

it("a question is asked only where a name comes near", () => {
  expect(didYouMean("--furhter", ["--further", "--hint"])).toBe("; did you mean --further?");
  expect(didYouMean("--colour", ["--further", "--hint"])).toBe("");
});
