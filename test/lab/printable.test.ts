import { expect, test } from "vitest";
import { printable } from "../../src/lab/printable";

test("leaves ordinary text of any script alone", () => {
  expect(printable("Grüße, 你好 👋, 10 € \\o/ �")).toBe("Grüße, 你好 👋, 10 € \\o/ �");
});

test("drops one line end at the very end, as nc sends it", () => {
  expect(printable("hello\n")).toBe("hello");
  expect(printable("hello\r\n")).toBe("hello");
  expect(printable("hello\n\n")).toBe("hello\\n");
});

test("keeps text on one line, so that no sender can forge a line of output", () => {
  const forged = printable("hi\nConnection #7 from 10.0.0.1:1\rReceived:\u2028x\u2029\u0085y");
  expect(forged).toBe("hi\\nConnection #7 from 10.0.0.1:1\\rReceived:\\u2028x\\u2029\\u0085y");
});

test("disarms what would move the cursor, colour the terminal or turn the reading order", () => {
  expect(printable("\u001b[2J\u0007\u009b31m")).toBe("\\u001b[2J\\u0007\\u009b31m");
  expect(printable("user\u202egnp.exe")).toBe("user\\u202egnp.exe");
});
